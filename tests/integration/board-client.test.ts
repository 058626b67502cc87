// The client's board session against the real server: two people, an observer, a power cut.
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import WebSocket from 'ws';
import { BoardSession } from '../../client/board/board-session.ts';
import { addCard, cardBody, cardText, readCard, readLanes } from '../../shared/board/schema.ts';
import { userOf } from '../../shared/board/presence.ts';
import { api, redeem } from '../helpers/api.ts';
import { startServer, type StartedServer } from '../helpers/server.ts';

/** What a page has that Node has not. */
const page = new EventTarget();
vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));

let server: StartedServer;
const sessions: BoardSession[] = [];

beforeAll(async () => {
  server = await startServer();
});
afterEach(() => sessions.splice(0).forEach((session) => session.close()));
afterAll(() => server.stop());

interface Person {
  readonly person: string;
  readonly name: string;
  readonly session: BoardSession;
}

/** A browser that follows the link and opens the board; the cookie travels as a browser would send it. */
async function open(link: string, consultation = server.links.demo.consultation): Promise<Person> {
  const cookie = await redeem(server.url, link);
  const { body } = await api(server.url, cookie).get<{ person: string; name: string }>('/api/me');
  const { origin, host } = new URL(server.url);
  class WithCookie extends WebSocket {
    constructor(url: string | URL) {
      super(url, { headers: { cookie, origin } });
    }
  }
  const session = new BoardSession({
    url: `ws://${host}/board`,
    consultation,
    person: body.person,
    storage: undefined,
    session: undefined,
    WebSocket: WithCookie as unknown as typeof globalThis.WebSocket,
    onDocument: () => undefined,
    onChange: () => undefined,
  });
  sessions.push(session);
  return { ...body, session };
}

const until = (condition: () => boolean) =>
  vi.waitUntil(condition, { timeout: 20_000, interval: 10 });
const synced = ({ session }: Person) => until(() => session.socket?.synced === true);
const saved = ({ session }: Person) =>
  until(() => session.socket?.synced === true && session.unsaved.count === 0);

let cards = 0;
function write({ person, session: { doc } }: Person, text: string): string {
  const id = `board-client-${(cards += 1)}`;
  const [lane] = readLanes(doc);
  doc.transact(() =>
    addCard(doc, { id, lane: lane!.id, author: person, text, createdAt: Date.now() }),
  );
  return id;
}

describe('the board between browsers', () => {
  test('[BRD7] what one writes is told saved, and is on the other’s board', async () => {
    const chen = await open(server.links.demo.members[0]!);
    const li = await open(server.links.demo.members[1]!);
    await Promise.all([synced(chen), synced(li)]);
    const id = write(chen, '建议一');
    expect(chen.session.unsaved.count).toBe(1);
    await saved(chen);
    await until(() => cardText(li.session.doc, id) === '建议一');
    cardBody(li.session.doc, id)!.insert(3, '、二');
    await until(() => cardText(chen.session.doc, id) === '建议一、二');
    expect(readCard(li.session.doc, id)?.author).toBe(chen.person);
  });

  test('[BRD6] who edits which card is shown with the name that the server knows', async () => {
    const chen = await open(server.links.demo.members[0]!);
    const li = await open(server.links.demo.members[1]!);
    await Promise.all([synced(chen), synced(li)]);
    chen.session.awareness.setLocalState({ card: 'x', user: { name: '冒名' } });
    const seen = () => li.session.awareness.getStates().get(chen.session.doc.clientID);
    await until(() => seen()?.['card'] === 'x');
    expect(seen()?.['user']).toEqual(userOf({ id: chen.person, name: chen.name }));
    chen.session.close();
    await until(() => seen() === undefined);
  });

  test('[BRD2] [BRD5] what may not be written comes back as a reset; the words are kept, the board is whole', async () => {
    const chen = await open(server.links.demo.members[0]!);
    const guan = await open(server.links.demo.observer);
    await Promise.all([synced(chen), synced(guan)]);
    const id = write(chen, '原文');
    await until(() => cardText(guan.session.doc, id) === '原文');
    const before = guan.session.doc.clientID;
    cardBody(guan.session.doc, id)!.insert(2, '，旁听者加的');
    await until(() => guan.session.doc.clientID !== before && guan.session.socket?.synced === true);
    expect(guan.session.drafts.list().map(({ text }) => text)).toEqual(['原文，旁听者加的']);
    expect(cardText(guan.session.doc, id)).toBe('原文');
    expect(cardText(chen.session.doc, id)).toBe('原文');
  });

  test('[CLI2] what is written while the server is gone is there when it is back', async () => {
    const chen = await open(server.links.demo.members[0]!);
    await synced(chen);
    const id = write(chen, '断电前');
    await saved(chen);
    await server.kill('SIGKILL');
    await until(() => chen.session.socket?.lost === true);
    cardBody(chen.session.doc, id)!.insert(3, '，断电时');
    expect(chen.session.unsaved.count).toBe(1);
    await server.restart();
    await saved(chen);
    const li = await open(server.links.demo.members[1]!);
    await synced(li);
    expect(cardText(li.session.doc, id)).toBe('断电前，断电时');
  });

  test('[LGN4] a board that is none of theirs is closed for good', async () => {
    const chen = await open(server.links.demo.members[0]!, 'no-such-consultation');
    await until(() => chen.session.closedCode !== undefined);
    expect(chen.session.closedCode).toBe(4404);
  });
});
