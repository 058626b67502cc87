import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { BoardSession } from '../../client/board/board-session.ts';
import { addCard, cardBody, cardText } from '../../shared/board/schema.ts';
import { boardFrame } from '../../shared/wire/board-frames.ts';
import { Connection, ConnectionClass, Server } from './board-server.ts';

/** localStorage in memory. */
function memoryStorage(): Storage {
  const values = new Map<string, string>();
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
    clear: () => values.clear(),
    key: (index) => [...values.keys()][index] ?? null,
    get length() {
      return values.size;
    },
  };
}

let session: BoardSession | undefined;

async function openSession(storage = memoryStorage()): Promise<BoardSession> {
  const before = Connection.all.length;
  session = new BoardSession({
    url: 'ws://here/board',
    consultation: 'c1',
    person: 'chen',
    storage,
    session: undefined,
    WebSocket: ConnectionClass,
    onDocument: () => undefined,
    onChange: () => undefined,
  });
  await connected(before);
  return session;
}

/** The session connects once it has looked for a cache. */
const connected = (before: number) =>
  vi.waitUntil(() => Connection.all.length > before, { interval: 1 });

const write = (doc: Y.Doc, card: string, text: string) => cardBody(doc, card)!.insert(0, text);

describe('the board’s connection', () => {
  beforeEach(() => void (Connection.all.length = 0));
  afterEach(() => session?.close());

  test('[BRD7] an edit is unsaved until the server says that it is on disk', async () => {
    const server = new Server();
    const { doc, unsaved, socket } = await openSession();
    const connection = server.accept();
    server.step2(connection);
    expect([socket?.synced, unsaved.count]).toEqual([true, 0]);
    write(doc, 'a', '一');
    write(doc, 'a', '二');
    expect(unsaved.count).toBe(2);
    server.saved(connection, 2); // step 2 and the first update
    expect(unsaved.count).toBe(1);
    server.save(connection);
    expect([unsaved.count, cardText(server.doc, 'a')]).toEqual([0, '二一原文']);
  });

  test('[BRD7] [CLI2] edits made without a connection wait, and leave with the next one', async () => {
    const server = new Server();
    const { doc, unsaved, socket } = await openSession();
    const first = server.accept();
    server.step2(first);
    first.cut();
    expect(socket?.lost).toBe(true);
    write(doc, 'a', '断网写的');
    expect(unsaved.count).toBe(1);
    await connected(1);
    const second = server.accept();
    server.step2(second);
    expect(second.content).toHaveLength(1);
    server.save(second);
    expect([unsaved.count, cardText(server.doc, 'a')]).toEqual([0, '断网写的原文']);
  });

  test('[BRD7] what is typed before the server asks leaves in the answer, never ahead of it', async () => {
    const server = new Server();
    const { doc, unsaved } = await openSession();
    const connection = Connection.all[0]!;
    connection.opened();
    doc.transact(() =>
      addCard(doc, { id: 'b', lane: 'common', author: 'chen', text: '早', createdAt: 2 }),
    );
    expect(connection.content).toHaveLength(0);
    server.accept();
    expect(connection.content).toHaveLength(1);
    server.save(connection);
    expect([unsaved.count, cardText(server.doc, 'b')]).toEqual([0, '早']);
  });

  test('[BRD11] while composing, even a whole step 2 waits, and nothing is sent back of it', async () => {
    const server = new Server();
    const { doc, socket, unsaved } = await openSession();
    const connection = server.accept();
    socket!.hold.heard();
    server.step2(connection);
    server.update(connection, (theirs) => write(theirs, 'a', '别人'));
    expect([socket!.synced, cardText(doc, 'a')]).toEqual([false, '']);
    const sent = connection.content.length;
    socket!.hold.release();
    expect([socket!.synced, cardText(doc, 'a')]).toEqual([true, '别人原文']);
    expect([connection.content.length, unsaved.count]).toEqual([sent, 0]);
  });

  test('[BRD5] told to begin afresh, it keeps its words and comes back under a new client id', async () => {
    const server = new Server();
    const storage = memoryStorage();
    const mine = await openSession(storage);
    const connection = server.accept();
    server.step2(connection);
    const before = mine.doc.clientID;
    write(mine.doc, 'a', '没被接收的');
    server.reset(connection, 7, 'refused');
    expect(mine.drafts.list().map(({ card, text }) => ({ card, text }))).toEqual([
      { card: 'a', text: '没被接收的原文' },
    ]);
    await connected(1);
    const next = server.accept();
    server.step2(next);
    expect(next.url).toContain('epoch=7');
    expect(mine.doc.clientID).not.toBe(before);
    expect([cardText(mine.doc, 'a'), mine.unsaved.count]).toEqual(['原文', 0]);
    // and they are still there after a reload
    mine.close();
    expect((await openSession(storage)).drafts.list()).toHaveLength(1);
  });

  test('[BRD5] words that turn out to have arrived are not offered again', async () => {
    const server = new Server();
    const mine = await openSession();
    const connection = server.accept();
    server.step2(connection);
    write(mine.doc, 'a', '到了');
    Y.applyUpdate(server.doc, Y.encodeStateAsUpdate(mine.doc));
    server.reset(connection, 1, 'refused');
    expect(mine.drafts.list()).toHaveLength(1);
    await connected(1);
    server.step2(server.accept());
    expect(mine.drafts.list()).toEqual([]);
  });

  test('what others show of themselves is not repeated to the server', async () => {
    const server = new Server();
    const { awareness } = await openSession();
    const connection = server.accept();
    const told = () => connection.sent.filter((frame) => frame[0] === boardFrame.awareness).length;
    const before = told();
    const other = new Awareness(new Y.Doc());
    other.setLocalState({ card: 'a' });
    server.awareness(connection, other);
    expect([awareness.getStates().size, told()]).toEqual([2, before]);
    awareness.setLocalStateField('card', 'a');
    expect(told()).toBe(before + 1);
    other.destroy();
  });

  test('a connection that the server closes for good is not tried again', async () => {
    const server = new Server();
    const mine = await openSession();
    vi.useFakeTimers();
    server.accept().cut(4404);
    expect(mine.closedCode).toBe(4404);
    vi.advanceTimersByTime(60_000);
    vi.useRealTimers();
    expect(Connection.all).toHaveLength(1);
  });
});
