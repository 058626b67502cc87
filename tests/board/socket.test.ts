import { afterEach, beforeEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import { addCard, cardBody, cardText, readCard, removeCard } from '../../shared/board/schema.ts';
import { boardFrame, closeCode, syncStep } from '../../shared/wire/board-frames.ts';
import {
  board,
  furnish,
  openStage,
  people,
  placeOnDisk,
  RawClient,
  until,
  updateOf,
  type Place,
  type Stage,
} from './board-stage.ts';

let place: Place;
let stage: Stage;
beforeEach(async () => {
  place = await placeOnDisk();
  stage = await openStage(place.database);
});
afterEach(async () => {
  await stage.close();
  await place.remove();
});

const rows = () =>
  place.database.sql.selectFrom('board_update').selectAll().orderBy('seq').execute();
const text = (doc: Y.Doc, card: string) => cardText(doc, card);

test('[BRD17] two stock providers with a cookie converge over the real socket', async () => {
  await furnish(stage.boards, 'alice');
  const alice = await stage.joined('alice');
  const bob = await stage.joined('bob');
  cardBody(alice.doc, 'c-alice')!.insert(0, '甲');
  cardBody(bob.doc, 'c-alice')!.insert(0, '乙');
  const both = () => [alice, bob].map(({ doc }) => text(doc, 'c-alice'));
  await until(() => both().every((words) => words.includes('甲') && words.includes('乙')));
  expect(both()[0]).toBe(both()[1]);
});

test('[BRD1] what a peer has received is on disk, and there after a restart', async () => {
  await furnish(stage.boards, 'alice');
  const alice = await stage.joined('alice');
  const bob = await stage.joined('bob');
  for (let n = 0; n < 20; n += 1) cardBody(alice.doc, 'c-alice')!.insert(0, `${n},`);
  await until(() => text(bob.doc, 'c-alice').startsWith('19,'));
  const seen = text(bob.doc, 'c-alice');
  await stage.close();
  stage = await openStage(await place.reopen());
  const later = await stage.joined('bob');
  expect(text(later.doc, 'c-alice')).toBe(seen);
});

test('[BRD1] nothing is relayed before it is stored', async () => {
  await stage.close();
  let release = () => undefined as void;
  let held = false;
  const { sql, commit } = place.database;
  const slow: typeof commit = async (job) => {
    if (held) await new Promise<void>((resolve) => (release = resolve));
    return commit(job);
  };
  stage = await openStage(place.database, { database: { sql, commit: slow } });
  await furnish(stage.boards, 'alice');
  const bob = await stage.raw('bob').join();
  const alice = await stage.raw('alice').join();
  held = true;
  alice.edit((doc) => cardBody(doc, 'c-alice')!.insert(0, '未存'));
  const joining = await stage.raw('bob').open();
  joining.send(boardFrame.sync, syncStep.step1, 1, 0);
  await until(() => joining.all('step2').length > 0);
  expect(text(joining.doc, 'c-alice')).toBe('alice的意见');
  expect(bob.all('update')).toEqual([]);
  expect(alice.saved).toBe(1);
  held = false;
  await until(() => (release(), alice.saved === 2));
  await until(() => text(bob.doc, 'c-alice') === '未存alice的意见');
});

test('[BRD7] saved counts the messages with content, those that changed nothing too', async () => {
  await furnish(stage.boards, 'alice');
  const alice = await stage.raw('alice').join();
  expect(alice.saved).toBe(1);
  const insert = updateOf(alice.doc, (doc) => cardBody(doc, 'c-alice')!.insert(0, '一'));
  alice.sendUpdate(insert);
  alice.sendUpdate(insert);
  alice.edit((doc) => cardBody(doc, 'c-alice')!.delete(0, 1));
  await until(() => alice.saved === 4);
  expect((await rows()).map(({ person }) => person)).toEqual(['system', 'alice', 'alice']);
});

test('updates of one turn are appended together, each in its own row with person and time', async () => {
  await furnish(stage.boards, 'alice', 'bob');
  const alice = await stage.raw('alice').join();
  const bob = await stage.raw('bob').join();
  for (let n = 0; n < 10; n += 1) {
    alice.edit((doc) => cardBody(doc, 'c-alice')!.insert(0, `${n}`));
    bob.edit((doc) => cardBody(doc, 'c-bob')!.insert(0, `${n}`));
  }
  await until(() => alice.saved === 11 && bob.saved === 11);
  const stored = await rows();
  expect(stored.map(({ seq }) => seq)).toEqual(Array.from({ length: 21 }, (_, n) => n + 1));
  expect(stored.filter(({ person }) => person === 'bob')).toHaveLength(10);
  expect(stored.every(({ at }) => at > 1_000_000_000_000)).toBe(true);
});

test('whoever writes is not sent their own words again, the others are', async () => {
  await furnish(stage.boards, 'alice');
  const alice = await stage.raw('alice').join();
  const bob = await stage.raw('bob').join();
  alice.edit((doc) => cardBody(doc, 'c-alice')!.insert(0, '甲'));
  await until(() => bob.all('update').length === 1 && alice.saved === 2);
  bob.edit((doc) => cardBody(doc, 'c-alice')!.insert(0, '乙'));
  await until(() => alice.all('update').length === 1 && bob.saved === 2);
  expect(bob.all('update')).toHaveLength(1);
});

test('a snapshot is cut, the raw updates stay, and a load needs only what came after', async () => {
  await stage.close();
  stage = await openStage(place.database, { limits: { updatesPerSnapshot: 5 } });
  await furnish(stage.boards, 'alice');
  const alice = await stage.raw('alice').join();
  for (let n = 0; n < 12; n += 1) {
    alice.edit((doc) => cardBody(doc, 'c-alice')!.insert(0, `${n}`));
    await until(() => alice.saved === n + 2);
  }
  await stage.close();
  const snapshot = await place.database.sql
    .selectFrom('board_snapshot')
    .selectAll()
    .executeTakeFirstOrThrow();
  expect(snapshot.seq).toBe(13);
  expect(await rows()).toHaveLength(13);
  stage = await openStage(await place.reopen());
  expect(await stage.boards.read(board, (doc) => cardText(doc, 'c-alice'))).toMatch(/^11109/);
});

test('[BRD8] a board that can’t be loaded is an error, never an empty board', async () => {
  await furnish(stage.boards, 'alice', 'bob');
  await stage.boards.edit(board, stage.roster['alice']!, (doc) => removeCard(doc, 'c-alice'));
  await stage.close();
  await place.database.sql.deleteFrom('board_snapshot').execute();
  await place.database.sql.deleteFrom('board_update').where('seq', '=', 1).execute();
  stage = await openStage(place.database);
  const alice = stage.raw('alice');
  await until(() => alice.closed !== undefined);
  expect(alice.closed?.code).toBe(1011);
  expect(alice.told).toEqual([]);
  await expect(stage.boards.read(board, () => 1)).rejects.toThrow('missing');
});

test('a board is loaded once for all who come at the same time, and leaves memory when all have gone', async () => {
  await stage.close();
  stage = await openStage(place.database, { limits: { lingerMs: 0 } });
  const providers = await Promise.all(['alice', 'bob', 'olga'].map((one) => stage.joined(one)));
  expect(stage.boards.figures()).toEqual({ boards: 1, connections: 3 });
  providers.forEach((provider) => provider.destroy());
  await until(() => stage.boards.figures().boards === 0);
  expect(stage.boards.figures().connections).toBe(0);
});

test('[LGN4] [LGN5] who may not come in is told by a close code after the handshake', async () => {
  const code = async (client: RawClient) => {
    await until(() => client.closed !== undefined);
    client.close();
    return client.closed?.code;
  };
  expect(await code(stage.raw(undefined))).toBe(closeCode.notLoggedIn);
  expect(await code(stage.raw('stranger'))).toBe(closeCode.notFound);
  expect(await code(stage.raw('alice', '', 'other'))).toBe(closeCode.notFound);
  expect(await code(stage.raw('alice', '', '%ff'))).toBe(closeCode.notFound);
  expect(await code(stage.raw('alice', '', 'm1/more'))).toBe(closeCode.notFound);
  expect(await code(stage.raw('gwen'))).toBe(closeCode.forbidden);
  const elsewhere = new RawClient(`${stage.url}/${board}`, 'alice', { origin: 'http://elsewhere' });
  expect(await code(elsewhere)).toBe(closeCode.forbidden);
  expect(stage.boards.figures()).toEqual({ boards: 0, connections: 0 });
});

test('a person has twenty connections at most; who leaves makes room', async () => {
  const all = Array.from({ length: 20 }, () => stage.raw('alice'));
  await Promise.all(all.map((client) => client.open()));
  const more = stage.raw('alice');
  await until(() => more.closed !== undefined);
  expect(more.closed?.code).toBe(closeCode.tooManyConnections);
  expect((await stage.raw('bob').open()).closed).toBeUndefined();
  all[0]!.close();
  await until(() => stage.boards.figures().connections === 20); // with bob's
  expect((await stage.raw('alice').open()).closed).toBeUndefined();
});

test('a person has twenty connections at most, also when more knock at once', async () => {
  await stage.close();
  let knocking = 0;
  stage = await openStage(place.database, {
    async access() {
      knocking += 1;
      await until(() => knocking === 25);
      return { actor: () => people['alice'], tabled: () => false, phase: () => 'open' };
    },
  });
  const all = Array.from({ length: 25 }, () => stage.raw('alice'));
  await Promise.all(all.map((client) => client.open()));
  await until(() => all.filter(({ closed }) => closed !== undefined).length === 5);
  expect(stage.boards.figures().connections).toBe(20);
});

test('[BRD3] who is taken off the roster is shown out at once, or at the next message', async () => {
  await furnish(stage.boards, 'alice');
  const alice = await stage.raw('alice').join();
  const bob = await stage.raw('bob').join();
  delete stage.roster['bob'];
  bob.edit((doc) => cardBody(doc, 'c-alice')!.insert(0, '乙'));
  await until(() => bob.closed !== undefined);
  expect(bob.closed?.code).toBe(closeCode.notFound);
  stage.roster['alice'] = { ...stage.roster['alice']!, role: 'public' };
  stage.boards.recheck(board);
  await until(() => alice.closed !== undefined);
  expect(alice.closed?.code).toBe(closeCode.forbidden);
  expect(await rows()).toHaveLength(1);
});

test('a client of another epoch is told to load afresh, and nothing of it is taken', async () => {
  await furnish(stage.boards, 'alice');
  const alice = stage.raw('alice', '?epoch=7');
  await until(() => alice.resets.length > 0);
  expect(alice.all('reset')).toEqual([{ kind: 'reset', epoch: 1, reason: 'epoch' }]);
  alice.send(boardFrame.sync, syncStep.step1, 1, 0);
  alice.sendUpdate(updateOf(new Y.Doc(), (doc) => doc.getMap('cards').set('x', 1)));
  const again = await stage.raw('alice', '?epoch=1').join();
  expect(text(again.doc, 'c-alice')).toBe('alice的意见');
  expect(alice.told.map(({ kind }) => kind)).toEqual(['reset']);
  expect(await rows()).toHaveLength(1);
});

test('edits made offline come with the next connection, those typed while it opens too', async () => {
  await furnish(stage.boards, 'alice');
  const alice = await stage.joined('alice');
  alice.disconnect();
  cardBody(alice.doc, 'c-alice')!.insert(0, '离线');
  alice.connect();
  alice.on('status', ({ status }: { status: string }) => {
    // before the server has asked what it has
    if (status === 'connected') cardBody(alice.doc, 'c-alice')!.insert(0, '立刻');
  });
  const bob = await stage.joined('bob');
  await until(() => text(bob.doc, 'c-alice') === '立刻离线alice的意见');
  expect(stage.logged).toEqual([]);
});

test('a connection that does not read is sent nothing more, and one difference when it reads again', async () => {
  await stage.close();
  const plenty = { burst: 1e9, perSecond: 1e9 };
  const limits = { unsentBytes: 20_000, content: plenty, contentBytes: plenty };
  stage = await openStage(place.database, { limits });
  await furnish(stage.boards, 'alice');
  const alice = await stage.raw('alice').join();
  const bob = await stage.raw('bob').join();
  bob.ws.pause();
  const sent = 1_500; // more than the system's own buffers hold
  for (let n = 1; n <= sent; n += 1) {
    alice.edit((doc) => {
      cardBody(doc, 'c-alice')!.delete(0, cardText(doc, 'c-alice').length);
      cardBody(doc, 'c-alice')!.insert(0, `${n}${'长'.repeat(3_900)}`);
    });
    if (n % 100 === 0) await until(() => alice.saved === n + 1);
  }
  bob.ws.resume();
  await until(() => text(bob.doc, 'c-alice').startsWith(String(sent)));
  expect(bob.all('update').length).toBeLessThan(sent);
  alice.edit((doc) => cardBody(doc, 'c-alice')!.insert(0, '又'));
  await until(() => text(bob.doc, 'c-alice').startsWith('又'));
});

test('after close no timer, socket or listener is left', async () => {
  await stage.joined('alice');
  await stage.close();
  expect(stage.boards.figures()).toEqual({ boards: 0, connections: 0 });
  stage = await openStage(place.database);
});

test('the server reads the cards that clients made', async () => {
  await furnish(stage.boards, 'alice');
  expect(await stage.boards.read(board, (doc) => readCard(doc, 'nothing'))).toBeUndefined();
  const alice = await stage.raw('alice').join();
  alice.edit((doc) => addCard(doc, { id: 'n', lane: 'l1', author: 'alice', createdAt: 1 }));
  await until(() => alice.saved === 2);
  expect(await stage.boards.read(board, (doc) => readCard(doc, 'n')?.author)).toBe('alice');
});
