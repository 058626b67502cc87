import { isRefused, type RefusalCode } from '../../shared/refusal.ts';
import type { CommandAnswer } from '../../shared/wire/down.ts';
import type { CommandMessage } from '../../shared/wire/up.ts';

export interface DeliveryParts {
  /** Rejects when it is not answered in time, or the connection is cut. */
  readonly give: (message: CommandMessage) => Promise<CommandAnswer>;
  readonly isOnline: () => boolean;
  /** Still without an answer? */
  readonly isOpen: (commandId: string) => boolean;
  readonly answered: (commandId: string, answer: CommandAnswer) => void;
}

/** Not refusals of what was asked, but of the moment. */
const passing: ReadonlySet<RefusalCode> = new Set<RefusalCode>(['busy', 'too_many']);
const AGAIN_MS = 300;
const AGAIN_MAX_MS = 5_000;
const TRIES = 8;

/** Gives commands to the server, the same one with the same id, until there is an answer. */
export class Delivery {
  readonly #parts: DeliveryParts;
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  /** Given and not yet answered, or about to be given again. */
  readonly #underWay = new Set<string>();

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
  }

  /** Does nothing for a command that is on its way already. */
  give(message: CommandMessage): void {
    if (this.#underWay.has(message.commandId)) return;
    this.#underWay.add(message.commandId);
    void this.#give(message, 1);
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  async #give({ commandId, type, data }: CommandMessage, tries: number): Promise<void> {
    const { give, isOnline, isOpen, answered } = this.#parts;
    let answer: CommandAnswer;
    try {
      answer = await give({ commandId, type, data });
    } catch {
      this.#underWay.delete(commandId);
      // unanswered: while there is a connection again at once, else with the next connection
      if (isOnline() && isOpen(commandId)) this.give({ commandId, type, data });
      return;
    }
    const isPassing = isRefused(answer) && passing.has(answer.refused.code);
    if (isPassing && tries < TRIES && isOpen(commandId)) {
      return this.#giveLater({ commandId, type, data }, tries);
    }
    this.#underWay.delete(commandId);
    if (isOpen(commandId)) answered(commandId, answer);
  }

  #giveLater(message: CommandMessage, tries: number): void {
    const wait = Math.min(AGAIN_MS * 2 ** (tries - 1), AGAIN_MAX_MS);
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      const { isOnline, isOpen } = this.#parts;
      if (isOnline() && isOpen(message.commandId)) void this.#give(message, tries + 1);
      else this.#underWay.delete(message.commandId);
    }, wait);
    this.#timers.add(timer);
  }
}
