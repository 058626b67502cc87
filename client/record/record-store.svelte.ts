import {
  evolve,
  initialState,
  type CommandData,
  type CommandName,
  type ConsultationState,
} from '../../shared/consultation/index.ts';
import type { Tally } from '../../shared/consultation/opinions.ts';
import { can, type Action, type Subject } from '../../shared/policy/can.ts';
import { isRefused } from '../../shared/refusal.ts';
import type { CommandAnswer, EventSpan, Me, Presence, Snapshot } from '../../shared/wire/down.ts';
import {
  connectLive,
  type LiveAddress,
  type LiveListener,
  type LiveSocket,
} from '../connection/live-socket.ts';
import { clock } from '../ui/clock.svelte.ts';
import { predict, sessionShelf, type PendingCommand, type PendingShelf } from './pending.ts';
import { randomId } from './random-id.ts';
import { measureOffset } from './server-clock.ts';

export type Connection = 'connecting' | 'online' | 'offline' | 'closed';

interface Waiting {
  readonly answer: (answer: CommandAnswer) => void;
}

const BUSY_AGAIN_MS = 300;

/**
 * One consultation as this reader knows it.
 *
 * 1. `confirmed` is the fold of what the server has told, in order and without a gap.
 * 2. `state` is that with this person's own commands on top, foretold by the same rules.
 * 3. A command is sent with the same id until it is answered, through cuts and reloads; it leaves `pending` when its
 *    events have arrived, so that nothing flickers in between.
 */
export class RecordStore {
  confirmed = $state.raw<ConsultationState>(initialState);
  me = $state.raw<Me>();
  presence = $state.raw<Presence>({ connected: [], public: 0, screens: 0 });
  /** Support by opinion; members' and the public's are never added. */
  counts = $state.raw<Readonly<Record<string, Tally>>>({});
  connection = $state<Connection>('connecting');
  closedCode = $state<number>();
  ready = $state(false);
  pending = $state.raw<readonly PendingCommand[]>([]);
  readonly state = $derived(predict(this.confirmed, this.pending, this.me));

  readonly #consultation: string;
  readonly #socket: LiveSocket;
  readonly #waitingById = new Map<string, Waiting>();
  #shelf: PendingShelf | undefined;
  #countsAreOld = true;

  constructor(
    address: LiveAddress,
    connect: (address: LiveAddress, listener: LiveListener) => LiveSocket = connectLive,
  ) {
    this.#consultation = address.consultation;
    this.#socket = connect(address, {
      since: () => (this.ready ? this.confirmed.seq : undefined),
      me: () => this.me,
      connected: () => this.#connected(),
      cut: () => this.#cut(),
      snapshot: (snapshot) => this.#snapshot(snapshot),
      events: (span) => this.#events(span),
      presence: (presence) => (this.presence = presence),
      counts: ({ support }) => {
        this.counts = this.#countsAreOld ? support : { ...this.counts, ...support };
        this.#countsAreOld = false;
      },
      closed: ({ code }) => {
        this.connection = 'closed';
        this.closedCode = code;
      },
    });
  }

  /** Server time in milliseconds. */
  now = (): number => clock.exact();

  can = (action: Action, subject?: Subject): boolean =>
    this.me !== undefined && can(this.me, action, subject);

  /** Has what this id names been created by a command that is not acknowledged yet? */
  isPending = (id: string): boolean => this.pending.some(({ commandId }) => commandId === id);

  send<Name extends CommandName>(type: Name, data: CommandData<Name>): Promise<CommandAnswer> {
    const command: PendingCommand = { commandId: randomId(), type, data, since: this.now() };
    this.#keep([...this.pending, command]);
    return new Promise((answer) => {
      this.#waitingById.set(command.commandId, { answer });
      if (this.connection === 'online') void this.#give(command);
    });
  }

  close(): void {
    this.#socket.close();
  }

  #connected(): void {
    this.connection = 'online';
    this.#countsAreOld = true;
    measureOffset(() => this.#socket.time()).then(
      (offset) => clock.set(offset),
      // cut while asking: the next connection asks again
      () => undefined,
    );
    if (this.ready) this.#giveAll();
  }

  #cut(): void {
    if (this.connection !== 'closed') this.connection = 'offline';
  }

  #snapshot({ state, me, now }: Snapshot): void {
    clock.set(now - Date.now());
    this.confirmed = state;
    this.me = me;
    if (!this.ready) this.#recall(me);
    this.ready = true;
    this.#settle();
    this.#giveAll();
  }

  /** What a reload interrupted is taken up again. */
  #recall(me: Me): void {
    this.#shelf = sessionShelf(this.#consultation, me.person);
    const known = new Set(this.pending.map(({ commandId }) => commandId));
    const left = this.#shelf.load().filter(({ commandId }) => !known.has(commandId));
    this.#keep([...left, ...this.pending]);
  }

  #events({ from, to, events }: EventSpan): void {
    const { seq } = this.confirmed;
    if (from > seq + 1) return this.#socket.again();
    if (to <= seq) return;
    const state = events.filter((event) => event.seq > seq).reduce(evolve, this.confirmed);
    this.confirmed = { ...state, seq: to };
    this.#settle();
  }

  #giveAll(): void {
    for (const command of this.pending) if (command.seq === undefined) void this.#give(command);
  }

  async #give(command: PendingCommand): Promise<void> {
    const { commandId, type, data } = command;
    let answer: CommandAnswer;
    try {
      answer = await this.#socket.command({ commandId, type, data });
    } catch {
      // unanswered: while there is a connection again at once, else as soon as there is
      if (this.connection === 'online' && this.#isOpen(commandId)) void this.#give(command);
      return;
    }
    if (!this.#isOpen(commandId)) return;
    if (isRefused(answer) && answer.refused.code === 'busy') {
      setTimeout(() => void this.#give(command), BUSY_AGAIN_MS);
      return;
    }
    this.#answered(commandId, answer);
  }

  #answered(commandId: string, answer: CommandAnswer): void {
    const left = isRefused(answer)
      ? this.pending.filter((command) => command.commandId !== commandId)
      : this.pending.map((command) =>
          command.commandId === commandId ? { ...command, seq: answer.seq } : command,
        );
    this.#keep(left);
    this.#settle();
    this.#waitingById.get(commandId)?.answer(answer);
    this.#waitingById.delete(commandId);
  }

  /** What has arrived need not be foretold any more. */
  #settle(): void {
    const left = this.pending.filter(({ seq }) => seq === undefined || seq > this.confirmed.seq);
    if (left.length < this.pending.length) this.#keep(left);
  }

  #isOpen(id: string): boolean {
    return this.pending.some(({ commandId, seq }) => commandId === id && seq === undefined);
  }

  #keep(pending: readonly PendingCommand[]): void {
    this.pending = pending;
    this.#shelf?.save(pending.filter(({ seq }) => seq === undefined));
  }
}

export const openRecord = (
  consultation: string,
  options: { screenKey?: string } = {},
): RecordStore => new RecordStore({ consultation, ...options });
