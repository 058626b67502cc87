// Six people at one board for a while: they write, lose the connection, are made observers, see cards tabled, and are
// refused. SIMULATIONS for how many such afternoons, SEED to replay.
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type * as Y from 'yjs';
import { BoardSession } from '../../client/board/board-session.ts';
import { mergeCard, splitCard } from '../../shared/board/merging.ts';
import {
  addCard,
  addLane,
  cardBody,
  cardsOf,
  cardText,
  moveCard,
  readCard,
  removeCard,
} from '../../shared/board/schema.ts';
import type { Draft } from '../../shared/consultation/decision.ts';
import {
  board,
  openStage,
  placeOnDisk,
  until,
  type Place,
  type Stage,
} from '../board/board-stage.ts';
import { MemoryStorage } from '../client/memory-storage.ts';
import { faultsOf } from './board-oracle.ts';
import { randomOf, seedOfRun, type Random } from './random.ts';
import { patient } from './siege.ts';

const simulations = Number(process.env['SIMULATIONS'] ?? 20);
const STEPS = 60;
const seed = seedOfRun();
const names = ['mona', 'alice', 'bob', 'dan', 'eve', 'fay'] as const;

/** What a page has that Node has not. */
const page = new EventTarget();
vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));

let place: Place;
let stage: Stage;
let clients: Client[] = [];
beforeAll(() => console.log(`board simulation: SEED=${seed} SIMULATIONS=${simulations}`));
beforeEach(async () => {
  place = await placeOnDisk();
  stage = await openStage(place.database, { limits: patient });
  for (const person of ['dan', 'eve', 'fay'])
    stage.roster[person] = { person, role: 'member', name: person };
});
afterEach(async () => {
  for (const { session } of clients) session.close();
  clients = [];
  await stage.close();
  await place.remove();
});

interface Client {
  readonly person: string;
  session: BoardSession;
  readonly sockets: WebSocket[];
  readonly storage: Storage;
  /** Words of one's own in the order in which they were written. */
  wrote: { word: string; card: string }[];
}

/** The client's own session, with a connection that a test can cut. */
function come(person: string): Client {
  const sockets: WebSocket[] = [];
  class Cuttable extends WebSocket {
    constructor(url: string | URL) {
      super(url, { headers: { cookie: `person=${person}` } });
      this.on('error', () => undefined);
      sockets.push(this);
    }
  }
  const storage = new MemoryStorage();
  const session = new BoardSession({
    url: stage.url,
    consultation: board,
    person,
    storage,
    session: undefined,
    WebSocket: Cuttable as unknown as typeof globalThis.WebSocket,
    onDocument: () => undefined,
    onChange: () => undefined,
  });
  return { person, session, sockets, storage, wrote: [] };
}

interface Afternoon {
  readonly random: Random;
  readonly tabled: Map<string, string>;
  step: number;
}

const cardIds = (doc: Y.Doc) => [...cardsOf(doc).keys()].sort();

function write({ random, step }: Afternoon, client: Client): void {
  const { session, person } = client;
  const { doc } = session;
  const ids = cardIds(doc);
  const word = `⟨${person}${step}⟩`;
  if (ids.length === 0 || random.chance(0.15)) {
    const card = `${person}-${step}`;
    client.wrote.push({ word, card });
    return doc.transact(() =>
      addCard(doc, { id: card, lane: 'l1', author: person, text: word, createdAt: step }),
    );
  }
  const card = random.pick(ids);
  const body = cardBody(doc, card)!;
  if (random.chance(0.1)) return doc.transact(() => moveCard(doc, card, 'l1'));
  if (random.chance(0.15))
    return doc.transact(() =>
      random.chance(0.3) ? splitCard(doc, card) : mergeInto(doc, card, random.pick(ids)),
    );
  // only one's own words are ever taken back: what is gone is gone on purpose
  client.wrote.push({ word, card });
  body.insert(body.length, word);
}

const mergeInto = (doc: Y.Doc, card: string, into: string): void => {
  if (into !== card) mergeCard(doc, card, into);
};

/** What is no writer's to do; the server refuses it. */
function overstep({ random, tabled }: Afternoon, client: Client): void {
  const { doc } = client.session;
  const others = cardIds(doc).filter((id) => readCard(doc, id)?.author !== client.person);
  const opinion = random.pick([...tabled.keys(), 'c-none']);
  if (random.chance(0.5)) return void cardBody(doc, opinion)?.insert(0, '篡');
  if (others.length === 0 || client.person === 'mona') return;
  const card = random.pick(others);
  removeCard(doc, card);
  // whoever takes a card away takes away what they have just written on it, if it was not on the server yet
  client.wrote = client.wrote.filter((written) => written.card !== card);
}

async function table({ random, tabled }: Afternoon): Promise<void> {
  const ids = await stage.boards.read(board, cardIds);
  const card = random.pick(ids.filter((id) => !tabled.has(id)).concat('c-none'));
  let draft: Draft | undefined;
  const done = await stage.boards.withDraft(board, card, async (given, within) => {
    draft = given;
    // as the record does: one that is merged goes with its root only
    if (given?.into !== undefined) return 'refused';
    return place.database.commit(async (trx) => within?.(trx));
  });
  if (done !== 'done' || !draft) return;
  for (const { card: id, text } of [draft, ...(draft.merged ?? [])]) tabled.set(id, text);
}

async function act(afternoon: Afternoon): Promise<void> {
  const { random } = afternoon;
  const client = random.pick(clients);
  const chance = random.int(100);
  if (chance < 70) write(afternoon, client);
  else if (chance < 80) client.sockets.at(-1)?.terminate();
  else if (chance < 86) overstep(afternoon, client);
  else if (chance < 92) await table(afternoon);
  else if (client.person !== 'mona') {
    const actor = stage.roster[client.person]!;
    const role = actor.role === 'member' ? 'observer' : 'member';
    stage.roster[client.person] = { ...actor, role };
  }
  // lets some of it arrive, and not always
  if (random.chance(0.5)) await stage.boards.read(board, () => undefined);
}

const settled = ({ session }: Client) =>
  session.socket?.synced === true && session.unsaved.count === 0;
const content = (doc: Y.Doc) => ({
  cards: cardsOf(doc).toJSON() as unknown,
  lanes: doc.getMap('lanes').toJSON() as unknown,
});

async function afternoon(name: string): Promise<void> {
  const today: Afternoon = { random: randomOf(name), tabled: new Map(), step: 0 };
  await stage.boards.edit(board, stage.roster['mona']!, (doc) => {
    addLane(doc, { id: 'l1', title: '普通', kind: 'common' });
    addCard(doc, { id: 'c-first', lane: 'l1', author: 'mona', text: '起', createdAt: 1 });
  });
  clients = names.map(come);
  await until(() => clients.every(settled), `${name}: everyone joins`);
  for (; today.step < STEPS; today.step += 1) await act(today);
  for (const person of names)
    if (person !== 'mona') stage.roster[person] = { ...stage.roster[person]!, role: 'member' };
  await until(() => clients.every(settled), `${name}: everyone is answered`);
  const truth = await stage.boards.read(board, (doc) => ({
    ...content(doc),
    faults: faultsOf(doc),
  }));
  expect(truth.faults, name).toEqual([]);
  const { cards, lanes } = truth;
  const same = ({ session }: Client) =>
    JSON.stringify(sorted(content(session.doc))) === JSON.stringify(sorted({ cards, lanes }));
  await until(
    () => clients.every((client) => settled(client) && same(client)),
    `${name}: all agree`,
  );
  await stage.boards.read(board, (doc) => {
    for (const [card, text] of today.tabled) expect(cardText(doc, card), name).toBe(text);
    for (const { wrote, session } of clients) {
      const kept = session.drafts.list().map(({ text }) => text);
      for (const { word, card } of wrote) {
        const there =
          cardText(doc, card).includes(word) || kept.some((text) => text.includes(word));
        expect(there, `${name}: ${word} of ${card}`).toBe(true);
      }
    }
  });
}

/** Keys in one order: maps tell theirs as they came. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, inner]) => [key, sorted(inner)]);
}

test.each(Array.from({ length: simulations }, (_, n) => `${seed}/${n}`))(
  '[BRD5] [BRD9] [BRD20] all agree in the end, and no words are lost: %s',
  (name) => afternoon(name),
);
