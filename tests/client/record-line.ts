// A record store on a line that is played by hand: nothing arrives, is answered or cut but by the test's word.
import type {
  ConsultationEvent,
  ConsultationState,
  RecordedConsultationEvent,
} from '../../shared/consultation/index.ts';
import type { CommandAnswer, Me } from '../../shared/wire/down.ts';
import type { CommandMessage } from '../../shared/wire/up.ts';
import type { LiveListener, LiveSocket } from '../../client/connection/live-socket.ts';
import { RecordStore } from '../../client/record/record-store.svelte.ts';
import { Scene } from './room-scene.ts';

interface Given {
  readonly message: CommandMessage;
  readonly answer: (answer: CommandAnswer) => void;
  /** Not answered in time. */
  readonly lose: () => void;
}

export const chair: Me = { person: 'chair', role: 'moderator', name: '周主席' };

/** Two members wait, the first of them first; the meeting is open. */
export function openMeeting(): Scene {
  return new Scene()
    .person('chair', 'moderator')
    .person('alice', 'member')
    .person('bob', 'member')
    .happened({ type: 'consultation.opened', data: {} })
    .happened({ type: 'floor.raised', data: { person: 'alice', kind: 'speech' } })
    .later(1_000)
    .happened({ type: 'floor.raised', data: { person: 'bob', kind: 'speech' } });
}

export class Line {
  readonly given: Given[] = [];
  /** How often the store asked to connect anew. */
  again = 0;
  closed = false;
  serverTime: () => Promise<number> = () => Promise.resolve(Date.now());
  #listener: LiveListener | undefined;
  #me: Me = chair;

  readonly connect = (_address: unknown, listener: LiveListener): LiveSocket => {
    this.#listener = listener;
    return {
      command: (message) =>
        new Promise((answer, lose) => {
          this.given.push({ message, answer, lose: () => lose(new Error('timeout')) });
        }),
      time: () => this.serverTime(),
      again: () => {
        this.again += 1;
      },
      close: () => {
        this.closed = true;
      },
    };
  };

  get store(): LiveListener {
    if (!this.#listener) throw new Error('nobody has connected');
    return this.#listener;
  }

  online(): void {
    this.store.connected();
  }

  snapshot(state: ConsultationState, me: Me = this.#me): void {
    this.#me = me;
    this.store.snapshot({ state, me, now: Date.now() });
  }

  /** Everything that was under way is lost with the connection. */
  cut(): void {
    this.store.cut();
    for (const { lose } of this.given) lose();
  }

  tell(from: number, events: readonly RecordedConsultationEvent[], to?: number): void {
    this.store.events({ from, to: to ?? events[events.length - 1]?.seq ?? from, events });
  }

  /** The newest command that the server was given. */
  get last(): Given {
    const last = this.given[this.given.length - 1];
    if (!last) throw new Error('no command was given');
    return last;
  }
}

export function recorded(
  seq: number,
  event: ConsultationEvent,
  commandId = `c${seq}`,
  actor: Me = chair,
): RecordedConsultationEvent {
  return { ...event, seq, actor, at: Date.now(), commandId };
}

/** A store that is online and has its snapshot. */
export function inTheRoom(
  scene = openMeeting(),
  me: Me = chair,
): { store: RecordStore; line: Line } {
  const line = new Line();
  const store = new RecordStore({ consultation: 'c1' }, line.connect);
  line.online();
  line.snapshot(scene.state, me);
  return { store, line };
}

/** Lets everything run that awaits nothing but promises. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}
