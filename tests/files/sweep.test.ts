// What time does to pictures, with a clock set by hand.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDarkroom, type Darkroom } from '../../server/files/darkroom.ts';
import type { Entered, FilesParts } from '../../server/files/parts.ts';
import { createPictures, type Pictures } from '../../server/files/pictures.ts';
import { createUploads, type Ticket, type Uploads } from '../../server/files/uploads.ts';
import { addCard, cardPictures, removeCard } from '../../shared/board/schema.ts';
import { initialState } from '../../shared/consultation/state.ts';
import { isRefused } from '../../shared/refusal.ts';
import {
  board,
  furnish,
  openStage,
  people,
  placeOnDisk,
  system,
  type Place,
  type Stage,
} from '../board/board-stage.ts';
import { pngOf, quarters } from './sample-pictures.ts';

const HOUR = 3_600_000;
const alice: Entered = { actor: people['alice']!, state: initialState };
const place = { consultation: board, card: 'c-alice' };
const file = pngOf(quarters(20, 10));

let disk: Place;
let stage: Stage;
let darkroom: Darkroom;
let pictures: Pictures;
let clock: number;
let gone: Promise<unknown>[];
beforeEach(async () => {
  clock = 1_780_000_000_000;
  gone = [];
  disk = await placeOnDisk();
  stage = await openStage(disk.database, {
    onRemoved: (id, cards) => void gone.push(pictures.cardsRemoved(id, cards)),
  });
  await furnish(stage.boards, 'alice');
  darkroom = createDarkroom({ log: { warn: () => undefined } });
  pictures = createPictures(partsWith(darkroom));
});
afterEach(async () => {
  await darkroom.close();
  await stage.close();
  await disk.remove();
});

let ids = 0;
const partsWith = (room: FilesParts['darkroom']): FilesParts => ({
  database: disk.database,
  boards: stage.boards,
  darkroom: room,
  personIn: async () => alice,
  newId: (prefix) => `${prefix}-${(ids += 1)}`,
  now: () => clock,
  log: { warn: () => undefined, error: () => undefined },
});

async function* body(...pieces: Uint8Array[]) {
  for (const piece of pieces) yield await Promise.resolve(piece);
}
async function begin(uploads: Uploads): Promise<Ticket> {
  const opened = await uploads.open(place, alice, file.length);
  if (isRefused(opened)) throw new Error(opened.refused.code);
  return { consultation: board, upload: opened.upload, person: 'alice' };
}
const onCard = (card = 'c-alice') =>
  stage.boards.read(board, (doc) => cardPictures(doc, card).map(({ id }) => id));
const readable = async (id: string) =>
  (await pictures.read(board, alice, id, 'whole')) !== undefined;

test('[PIC8] what was whole when the power went is finished afterwards, by whichever node looks', async () => {
  const broken = { develop: () => Promise.reject(new Error('the power went')) };
  const before = createUploads(partsWith(broken), pictures);
  const ticket = await begin(before);
  await expect(before.receive(ticket, 0, body(file))).rejects.toThrow('the power went');
  const after = createUploads(partsWith(darkroom), pictures);
  await after.sweep();
  expect(await onCard()).toEqual([]); // somebody may be at it this moment
  clock += 2 * 60_000;
  await after.sweep();
  const [id] = await onCard();
  expect(await readable(id!)).toBe(true);
  expect((await after.look(ticket))?.picture).toBe(id);
});

test('[PIC8] what came before a connection broke is kept, to the byte', async () => {
  const uploads = createUploads(partsWith(darkroom), pictures);
  const ticket = await begin(uploads);
  async function* breaking() {
    yield* body(file.subarray(0, 33), file.subarray(33, 40));
    throw new Error('ECONNRESET');
  }
  await uploads.receive(ticket, 0, breaking());
  expect((await uploads.look(ticket))?.received).toBe(40);
  expect(await uploads.receive(ticket, 40, body(file.subarray(40)))).toMatchObject({
    received: file.length,
  });
  expect(await onCard()).toHaveLength(1);
});

test('[PIC11] an upload that nobody goes on with is forgotten, and a quarter of an hour is enough for an empty one', async () => {
  const uploads = createUploads(partsWith(darkroom), pictures);
  const [empty, partial] = [await begin(uploads), await begin(uploads)];
  await uploads.receive(partial, 0, body(file.subarray(0, 10)));
  clock += HOUR / 2;
  await uploads.sweep();
  expect(await uploads.look(empty)).toBeUndefined();
  expect((await uploads.look(partial))?.received).toBe(10);
  clock += 24 * HOUR;
  await uploads.sweep();
  expect(await uploads.look(partial)).toBeUndefined();
});

test('[PIC12] a removed card’s picture goes after a day, unless the card is back', async () => {
  const uploads = createUploads(partsWith(darkroom), pictures);
  await uploads.receive(await begin(uploads), 0, body(file));
  const [id] = await onCard();
  const remove = async () => {
    await stage.boards.edit(board, people['alice']!, (doc) => removeCard(doc, 'c-alice'));
    await Promise.all(gone);
  };
  await remove();
  clock += 23 * HOUR;
  await pictures.sweep();
  expect(await readable(id!)).toBe(true);
  // the card comes back with its picture
  await stage.boards.edit(board, system, (doc) =>
    addCard(doc, { id: 'c-alice', lane: 'l1', author: 'alice', text: '又来', createdAt: 1 }),
  );
  await uploads.receive(await begin(uploads), 0, body(file));
  clock += 2 * HOUR;
  await pictures.sweep();
  expect(await readable(id!)).toBe(true);
  await remove();
  clock += 25 * HOUR;
  await pictures.sweep();
  expect(await readable(id!)).toBe(false);
});
