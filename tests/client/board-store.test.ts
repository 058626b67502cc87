import { flushSync } from 'svelte';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  BoardStore,
  REMOVAL_DELAY_MS,
  type BoardRecord,
} from '../../client/board/board-store.svelte.ts';
import { lookedHash, mergeCard } from '../../shared/board/merging.ts';
import {
  addCard,
  addLane,
  cardText,
  moveCard,
  readCard,
  textHash,
} from '../../shared/board/schema.ts';
import { Connection, ConnectionClass, Server } from './board-server.ts';
import { Scene } from './room-scene.ts';

let board: BoardStore | undefined;

const scene = () =>
  new Scene()
    .person('chair', 'moderator')
    .person('chen', 'member', '', 'mobile')
    .person('li', 'member')
    .person('guan', 'observer')
    .opened();

function recordOf(
  person: string,
  { state, ...rest }: Pick<Scene, 'state' | 'me' | 'can'> = scene(),
) {
  const from = Object.assign(Object.create(Scene.prototype) as Scene, { state }, rest);
  const send = vi.fn(() => Promise.resolve({ ok: true, seq: 99 } as const));
  const record: BoardRecord = {
    state,
    me: from.me(person),
    counts: {},
    connection: 'online',
    can: from.can(person),
    now: () => 5,
    send,
  };
  return { record, send };
}

/** A board in use, connected and in step with its server. */
async function openBoard(person = 'chen', from = scene()) {
  const server = new Server();
  addLane(server.doc, { id: 'mobile', title: '移动', kind: 'site', site: 'mobile' });
  const { record, send } = recordOf(person, from);
  const store = new BoardStore('c1', record, {
    url: 'ws://here/board',
    WebSocket: ConnectionClass,
  });
  board = store;
  flushSync();
  await vi.waitUntil(() => Connection.all.length > 0, { interval: 1 });
  const connection = server.accept();
  server.step2(connection);
  server.save(connection);
  return { server, connection, store, send };
}

const idsIn = (store: BoardStore, lane: string) =>
  store.lanes.find(({ id }) => id === lane)?.cardIds;

describe('the board in use', () => {
  beforeEach(() => void (Connection.all.length = 0));
  afterEach(() => {
    board?.close();
    vi.useRealTimers();
  });

  test('[GRP4] a new card goes into the lane of the own group, for as long as there is one', async () => {
    const apart = scene().happened({
      type: 'group.formed',
      data: { groups: [{ id: 'g1', title: '第一组', members: ['chen'] }] },
    });
    const { server, connection, store } = await openBoard('chen', apart);
    // the record is ahead of the board for a moment
    expect([store.groupLane, store.ownLane()]).toEqual([undefined, 'mobile']);
    server.update(connection, (doc) =>
      addLane(doc, { id: 'group-g1', title: '第一组', kind: 'group', group: 'g1' }),
    );
    expect(store.lanes.map(({ id }) => id)).toEqual(['group-g1', 'common', 'mobile']);
    expect(store.ownLane()).toBe('group-g1');
    const id = store.addCard()!;
    expect(idsIn(store, 'group-g1')).toEqual([id]);
  });

  test('says saved, saving with what waits, and offline', async () => {
    const { server, connection, store } = await openBoard();
    expect([store.ready, store.status]).toEqual([true, { kind: 'saved', waiting: 0 }]);
    store.addCard();
    expect(store.status).toEqual({ kind: 'saving', waiting: 1 });
    server.save(connection);
    expect(store.status).toEqual({ kind: 'saved', waiting: 0 });
    connection.cut();
    store.addCard();
    expect(store.status).toEqual({ kind: 'offline', waiting: 1 });
  });

  test('a new card is its writer’s, in the lane of their site, else in the first common one', async () => {
    const { server, connection, store } = await openBoard('chen');
    const id = store.write()!;
    expect([store.editing, idsIn(store, 'mobile')]).toEqual([id, [id]]);
    server.save(connection);
    expect(readCard(server.doc, id)?.author).toBe('chen');
    const { lanes } = store;
    expect(lanes.find((lane) => lane.id === store.ownLane())?.site).toBe('mobile');
  });

  test('a card opened by mistake leaves nothing behind', async () => {
    const { store } = await openBoard();
    const id = store.write()!;
    store.finishEditing();
    expect(store.cards.has(id)).toBe(false);
  });

  test('[BRD2] who may not write gets no way to', async () => {
    const { store, connection } = await openBoard('guan');
    const sent = connection.content.length;
    const view = store.cards.get('a')!;
    expect([
      store.writable,
      store.mayEdit(view),
      store.mayMove(view),
      store.mayTable(view),
    ]).toEqual(Array(4).fill(false));
    expect(store.write()).toBeUndefined();
    store.edit('a');
    store.move('a', 'mobile', {});
    store.remove('a');
    expect([store.editing, connection.content.length]).toEqual([undefined, sent]);
  });

  test('moves between neighbours, and [BRD10] undo takes back one’s own moves only', async () => {
    const { server, connection, store } = await openBoard();
    for (const id of ['b', 'c']) {
      server.update(connection, (doc) =>
        addCard(doc, { id, lane: 'common', author: 'li', text: id, createdAt: 2 }),
      );
    }
    store.move('c', 'common', { before: 'a', after: 'b' });
    expect(idsIn(store, 'common')).toEqual(['a', 'c', 'b']);
    server.save(connection);
    server.update(connection, (doc) => moveCard(doc, 'a', 'mobile'));
    expect(store.canUndo).toBe(true);
    store.undo();
    expect([idsIn(store, 'common'), idsIn(store, 'mobile')]).toEqual([['b', 'c'], ['a']]);
    expect(store.canUndo).toBe(false);
  });

  test('[BRD20] [BRD10] merges and splits drafts; undo takes back one’s own', async () => {
    const { server, connection, store } = await openBoard();
    for (const id of ['b', 'c']) {
      server.update(connection, (doc) =>
        addCard(doc, { id, lane: 'common', author: 'li', text: id, createdAt: 2 }),
      );
    }
    store.merge('b', 'a');
    expect(idsIn(store, 'common')).toEqual(['a', 'c']);
    store.undo();
    expect(idsIn(store, 'common')).toEqual(['a', 'b', 'c']);
    store.merge('c', 'b');
    server.save(connection);
    server.update(connection, (doc) => mergeCard(doc, 'b', 'c'));
    // a circle: the smaller id carries, and the one taken out does not take it along
    expect(idsIn(store, 'common')).toEqual(['a', 'b']);
    store.split('c');
    expect(idsIn(store, 'common')).toEqual(['a', 'b', 'c']);
  });

  test('[OPN2] tables what is merged with the text, exactly as it was looked at', async () => {
    const { server, connection, store, send } = await openBoard();
    const id = store.addCard('common', '安装电梯')!;
    store.merge('a', id);
    server.save(connection);
    const merged = store.mergedTexts(store.cards.get(id)!);
    expect(merged).toEqual([{ card: 'a', text: '原文' }]);
    await store.table(id, '安装电梯', merged);
    expect(send).toHaveBeenCalledWith('opinion.table', {
      card: id,
      textHash: lookedHash('安装电梯', merged),
    });
  });

  test('undo never removes a card, with others’ words in it perhaps', async () => {
    const { store } = await openBoard();
    store.addCard('common', '我的');
    expect(store.canUndo).toBe(false);
  });

  test('a removed draft can be brought back while its notice is shown; then it leaves', async () => {
    const { server, connection, store } = await openBoard();
    vi.useFakeTimers();
    const sent = connection.content.length;
    store.remove('a');
    expect([idsIn(store, 'common'), connection.content.length]).toEqual([[], sent]);
    store.restore('a');
    expect(idsIn(store, 'common')).toEqual(['a']);
    store.remove('a');
    vi.advanceTimersByTime(REMOVAL_DELAY_MS);
    server.save(connection);
    expect([readCard(server.doc, 'a'), store.cards.has('a')]).toEqual([undefined, false]);
  });

  test('only its author or a moderator removes a draft', async () => {
    const { store } = await openBoard('li');
    expect(store.mayRemove(store.cards.get('a')!)).toBe(false);
    board?.close();
    Connection.all.length = 0;
    const moderator = await openBoard('chair');
    expect(moderator.store.mayRemove(moderator.store.cards.get('a')!)).toBe(true);
  });

  test('[OPN2] tables the text that was looked at, once it is on the server’s disk', async () => {
    const { server, connection, store, send } = await openBoard();
    const id = store.addCard('common', '安装电梯')!;
    const answer = store.table(id, '安装电梯');
    await Promise.resolve();
    expect(send).not.toHaveBeenCalled();
    server.save(connection);
    expect(await answer).toEqual({ ok: true, seq: 99 });
    expect(send).toHaveBeenCalledWith('opinion.table', {
      card: id,
      textHash: textHash('安装电梯'),
    });
    expect(cardText(server.doc, id)).toBe('安装电梯');
  });

  test('without a connection nothing is tabled, and the writer is told why', async () => {
    const { connection, store, send } = await openBoard();
    connection.cut();
    vi.useFakeTimers();
    const answer = store.table('a', '原文');
    vi.advanceTimersByTime(10_000);
    expect(await answer).toBe('unsaved');
    expect(send).not.toHaveBeenCalled();
  });

  test('[BRD4] a tabled card opens no editor', async () => {
    const from = scene();
    from.happened({
      type: 'opinion.tabled',
      data: { id: 'o1', no: 1, text: '原文', authors: [], source: 'room', card: 'a' },
    });
    const { store } = await openBoard('chen', from);
    store.edit('a');
    expect([store.editing, store.cards.get('a')?.stage]).toEqual([undefined, 'tabled']);
  });

  test('[BRD5] refused words are offered as a new card', async () => {
    const { server, connection, store } = await openBoard();
    const id = store.addCard('mobile', '没被接收')!;
    server.reset(connection, 3, 'refused');
    expect(store.keptDrafts.map(({ text }) => text)).toEqual(['没被接收']);
    await vi.waitUntil(() => Connection.all.length > 1, { interval: 1 });
    const next = server.accept();
    server.step2(next);
    expect(store.cards.has(id)).toBe(false);
    const again = store.addKept(store.keptDrafts[0]!)!;
    expect([store.keptDrafts, idsIn(store, 'mobile')]).toEqual([[], [again]]);
    server.save(next);
    expect(cardText(server.doc, again)).toBe('没被接收');
  });
});
