import type { CommandAnswer } from '../../shared/wire/down.ts';

type Tell = (answer: CommandAnswer) => void;

/** Those who gave a command on this page and await what came of it. */
export class Promised {
  readonly #tellById = new Map<string, Tell>();

  answerTo(commandId: string): Promise<CommandAnswer> {
    return new Promise((tell) => this.#tellById.set(commandId, tell));
  }

  /** False when nobody waits: the command was given before a reload. */
  keep(commandId: string, answer: CommandAnswer): boolean {
    const tell = this.#tellById.get(commandId);
    this.#tellById.delete(commandId);
    tell?.(answer);
    return tell !== undefined;
  }
}
