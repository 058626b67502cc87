import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Commit } from '../../server/database/group-commit.ts';
import { cardBody, cardText } from '../../shared/board/schema.ts';
import {
  board,
  furnish,
  openStage,
  placeOnDisk,
  until,
  type Place,
  type Stage,
} from './board-stage.ts';

let place: Place;
let stage: Stage;
/** What goes wrong with the next commits, and with reading. */
let fault: 'none' | 'full' | 'answer lost' | 'down';
beforeEach(async () => {
  fault = 'none';
  place = await placeOnDisk();
  const { commit, sql } = place.database;
  const failing: Commit = async (job) => {
    if (fault === 'full' || fault === 'down') throw new Error('no space left');
    const done = await commit(job);
    if (fault === 'answer lost') throw new Error('connection lost');
    return done;
  };
  const reading = new Proxy(sql, {
    get(target, name) {
      if (fault === 'down' && name === 'selectFrom') throw new Error('no database');
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value as () => unknown).bind(target) : value;
    },
  });
  stage = await openStage(place.database, { database: { sql: reading, commit: failing } });
  await furnish(stage.boards, 'alice');
});
afterEach(async () => {
  await stage.close();
  await place.remove();
});

const onDisk = () => stage.boards.read(board, (doc) => cardText(doc, 'c-alice'));

test('[BRD16] what can’t be stored is told nobody; its writer comes again with it when the disk has room', async () => {
  const alice = await stage.joined('alice');
  const bob = await stage.joined('bob');
  fault = 'full';
  cardBody(alice.doc, 'c-alice')!.insert(0, '满');
  await until(() => !alice.wsconnected);
  expect(bob.wsconnected).toBe(true);
  expect(cardText(bob.doc, 'c-alice')).toBe('alice的意见');
  expect(await onDisk()).toBe('alice的意见');
  fault = 'none';
  await until(() => cardText(bob.doc, 'c-alice') === '满alice的意见');
  expect(await onDisk()).toBe('满alice的意见');
});

test('[BRD16] a commit whose answer was lost is found, and is in the board once', async () => {
  const alice = await stage.joined('alice');
  const bob = await stage.joined('bob');
  fault = 'answer lost';
  cardBody(alice.doc, 'c-alice')!.insert(0, '失');
  await until(() => cardText(bob.doc, 'c-alice') === '失alice的意见');
  fault = 'none';
  await until(() => alice.synced);
  cardBody(alice.doc, 'c-alice')!.insert(0, '又');
  await until(() => cardText(bob.doc, 'c-alice') === '又失alice的意见');
  expect(await onDisk()).toBe('又失alice的意见');
});

test('[BRD16] a board whose database is gone lets everyone go, and is loaded afresh when it is back', async () => {
  const alice = await stage.joined('alice');
  const bob = await stage.joined('bob');
  fault = 'down';
  cardBody(alice.doc, 'c-alice')!.insert(0, '断');
  await until(() => !alice.wsconnected && !bob.wsconnected);
  expect(stage.boards.figures().boards).toBe(0);
  fault = 'none';
  await until(() => cardText(bob.doc, 'c-alice') === '断alice的意见');
  expect(stage.logged.some(({ message }) => message.includes('failed'))).toBe(true);
});

test('[BRD16] an edit of the server’s own that can’t be stored is an error, and is not in the board', async () => {
  fault = 'full';
  const edit = stage.boards.edit(board, stage.roster['mona']!, (doc) =>
    cardBody(doc, 'c-alice')!.insert(0, '满'),
  );
  await expect(edit).rejects.toThrow('no space left');
  fault = 'none';
  expect(await onDisk()).toBe('alice的意见');
});
