import { setTimeout as pause } from 'node:timers/promises';
import * as decoding from 'lib0/decoding';
import * as Y from 'yjs';
import { cardsOf, cardText } from '../../../shared/board/schema.ts';
import { syncStep } from '../../../shared/wire/board-frames.ts';
import type { Room } from './contestants.ts';
import { clientFrame, openLine, type Hear, type Line } from './wire.ts';

/** A client at a board that has asked for it. */
export interface Client extends Line {
  /** Resolves when the whole board has come. */
  readonly synced: Promise<void>;
}

export interface Joining {
  readonly room: Room;
  readonly seat: number;
  /** A sync message shorter than this is not the board. */
  readonly boardBytes?: number;
  /** Every message that comes. */
  readonly hear?: Hear;
}

/** Does what a stock client does when it comes with nothing: asks for the board, and says that it has nothing. */
export async function join({ room, seat, boardBytes = 0, hear }: Joining): Promise<Client> {
  const { dialect } = room;
  const { promise: synced, resolve: arrived, reject: lost } = Promise.withResolvers<void>();
  synced.catch(() => undefined); // whoever waits for it hears of it
  let waiting = true;
  const line = await openLine(room.seat(seat), (bytes, from, to) => {
    if (waiting && to - from >= boardBytes) {
      const step = bytes[dialect.stepAt(bytes, from)];
      if (step === syncStep.step2 || (step === syncStep.update && boardBytes > 0)) {
        waiting = false;
        arrived();
      }
    }
    hear?.(bytes, from, to);
  });
  void line.closed.then(() => lost(new Error(`${room.name}: closed before the board came`)));
  for (const message of dialect.greeting(room.name)) line.send(clientFrame(message));
  return { ...line, synced };
}

/** Opens them in order, some at a time, and waits until each has the board. */
export async function joinAll(joinings: readonly Joining[], atOnce = 20): Promise<Client[]> {
  const clients: Client[] = [];
  for (let start = 0; start < joinings.length; start += atOnce) {
    const some = await Promise.all(joinings.slice(start, start + atOnce).map(join));
    await Promise.all(some.map(({ synced }) => synced));
    clients.push(...some);
  }
  return clients;
}

const PLANTER = -1;
const PATIENCE_MS = 60_000;

/** Brings a board into an empty room, and waits until whoever asks for it gets all of it. */
export async function plant(room: Room, updates: readonly Uint8Array[]): Promise<void> {
  const planter = await join({ room, seat: PLANTER });
  await planter.synced;
  const { dialect, name } = room;
  const brought = room.inOne ? [Y.mergeUpdates([...updates])] : updates;
  const step = room.inOne ? syncStep.step2 : syncStep.update;
  for (const update of brought) planter.send(clientFrame(dialect.update(name, update, step)));
  await untilWhole(room, bytesOf(updates) * WHOLE);
  planter.end();
  await planter.closed;
}

/** Every server encodes a board a little otherwise; a sync message with so much of it is all of it. */
export const WHOLE = 0.6;

export const bytesOf = (updates: readonly Uint8Array[]): number =>
  updates.reduce((sum, { length }) => sum + length, 0);

async function untilWhole(room: Room, bytes: number): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const looker = await join({ room, seat: PLANTER, boardBytes: bytes });
    const whole = await Promise.race([looker.synced.then(() => true), pause(500, false)]);
    looker.end();
    if (whole) return;
    if (performance.now() > deadline) throw new Error(`${room.name}: the board never came whole`);
  }
}

const COPY_MS = 300;

/** What somebody who comes with nothing is sent, as a document. `boardBytes` and then a moment are waited for, not for ever. */
export async function openCopy(room: Room, boardBytes: number): Promise<Y.Doc> {
  const doc = new Y.Doc();
  const { dialect } = room;
  const hear: Hear = (bytes, from, to) => {
    const at = dialect.stepAt(bytes, from);
    const step = at < 0 ? undefined : bytes[at];
    if (step !== syncStep.step2 && step !== syncStep.update) return;
    const decoder = decoding.createDecoder(Uint8Array.from(bytes.subarray(at + 1, to)));
    Y.applyUpdate(doc, decoding.readVarUint8Array(decoder));
  };
  const reader = await join({ room, seat: PLANTER, boardBytes, hear });
  await Promise.race([reader.synced, pause(5 * COPY_MS)]);
  await pause(COPY_MS);
  reader.end();
  return doc;
}

/** Waits until a board of so many cards has all its words; answers how many bytes a joiner is sent. */
export async function untilGrown(room: Room, cards: number, chars: number): Promise<number> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const doc = await openCopy(room, Infinity);
    const ids = [...cardsOf(doc).keys()];
    const written = ids.reduce((sum, id) => sum + cardText(doc, id).length, 0);
    if (ids.length === cards && written === chars) return Y.encodeStateAsUpdate(doc).length;
    if (performance.now() > deadline)
      throw new Error(`${room.name}: ${ids.length} cards, ${written} characters came`);
  }
}
