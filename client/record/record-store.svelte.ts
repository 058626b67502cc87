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
import { toast } from '../ui/toast.svelte.ts';
import { Delivery } from './delivery.ts';
import { predict, sessionShelf, type PendingCommand, type PendingShelf } from './pending.ts';
import { Promised } from './promised.ts';
import { randomId } from './random-id.ts';
import { readServerClock } from './server-clock.ts';

export type Connection = 'connecting' | 'online' | 'offline' | 'closed';

/** A device's clocks drift. */
const MEASURE_EVERY_MS = 60_000;

/**
 * One consultation as this reader knows it.
 *
 * 1. `confirmed` is the fold of what the server has told, in order and without a gap.
 * 2. `state` is that with this person's own commands on top, foretold by the same rules.
 * 3. A command is sent with the same id until it is answered, through cuts and reloads; its own events are an answer.
 * 4. It leaves `pending` when its events have arrived, in the same step in which they are folded: nothing is foretold
 *    that has happened, and nothing flickers in between.
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
  readonly #promised = new Promised();
  readonly #delivery: Delivery;
  readonly #measuring: ReturnType<typeof setInterval>;
  readonly #doubting: () => void;
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
    this.#delivery = new Delivery({
      give: (message) => this.#socket.command(message),
      isOnline: () => this.connection === 'online',
      isOpen: (commandId) => this.#isOpen(commandId),
      answered: (commandId, answer) => this.#answered(commandId, answer),
    });
    this.#measuring = setInterval(() => this.#measure(), MEASURE_EVERY_MS);
    this.#doubting = clock.whenInDoubt(() => this.#measure());
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
    const answer = this.#promised.answerTo(command.commandId);
    if (this.connection === 'online') this.#delivery.give(command);
    return answer;
  }

  /** What is still pending stays on the shelf: the next store of this person gives it again. */
  close(): void {
    clearInterval(this.#measuring);
    this.#doubting();
    this.#delivery.close();
    this.connection = 'closed';
    this.#socket.close();
  }

  #connected(): void {
    this.connection = 'online';
    this.#countsAreOld = true;
    this.#measure();
    if (this.ready) this.#giveAll();
  }

  #measure(): void {
    if (this.connection !== 'online') return;
    readServerClock(() => this.#socket.time()).then(
      (reading) => clock.take(reading),
      // cut while asking: the next connection asks again
      () => undefined,
    );
  }

  #cut(): void {
    if (this.connection !== 'closed') this.connection = 'offline';
  }

  #snapshot({ state, me, now }: Snapshot): void {
    clock.guess(now);
    const doubtful = this.pending.map((command) => ({ ...command, doubtful: true as const }));
    this.confirmed = state;
    this.me = me;
    this.#keep(doubtful);
    if (!this.ready) this.#recall(me);
    this.ready = true;
    this.#settle();
    this.#giveAll();
  }

  /** What a reload interrupted is taken up again. */
  #recall(me: Me): void {
    this.#shelf = sessionShelf(this.#consultation, me.person);
    const left = this.#shelf
      .load()
      .filter(({ commandId }) => !this.isPending(commandId))
      .map((command): PendingCommand => ({ ...command, doubtful: true }));
    this.#keep([...left, ...this.pending]);
  }

  #events({ from, to, events }: EventSpan): void {
    const { seq } = this.confirmed;
    if (from > seq + 1) return this.#socket.again();
    if (to <= seq) return;
    const news = events.filter((event) => event.seq > seq);
    this.confirmed = { ...news.reduce(evolve, this.confirmed), seq: to };
    // newest first: what a command came to ends with its last event
    for (const { commandId, seq: at } of [...news].reverse()) {
      if (this.#isOpen(commandId)) this.#answered(commandId, { ok: true, seq: at });
    }
    this.#settle();
  }

  #giveAll(): void {
    for (const command of this.pending) if (command.seq === undefined) this.#delivery.give(command);
  }

  #answered(commandId: string, answer: CommandAnswer): void {
    const left = isRefused(answer)
      ? this.pending.filter((command) => command.commandId !== commandId)
      : this.pending.map((command) =>
          command.commandId === commandId ? { ...command, seq: answer.seq } : command,
        );
    this.#keep(left);
    this.#settle();
    if (!this.#promised.keep(commandId, answer)) tellAfterReload(answer);
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

/** Whoever gave the command is gone with the page before: a refusal must still be seen. */
function tellAfterReload(answer: CommandAnswer): void {
  if (!isRefused(answer) || answer.refused.code === 'already') return;
  toast.show(answer.refused.message, { kind: 'refused' });
}

export const openRecord = (
  consultation: string,
  options: { screenKey?: string } = {},
): RecordStore => new RecordStore({ consultation, ...options });
