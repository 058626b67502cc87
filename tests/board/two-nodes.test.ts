import { afterEach, beforeEach, expect, test } from 'vitest';
import { LocalHub, openLocalBus } from '../../server/cluster/local-bus.ts';
import type { Bus } from '../../server/cluster/bus.ts';
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

// Two nodes on one database.
let place: Place;
let nodes: Stage[] = [];
let buses: Bus[] = [];
beforeEach(async () => {
  place = await placeOnDisk();
});
afterEach(async () => {
  for (const node of nodes) await node.close();
  for (const bus of buses) await bus.close();
  nodes = buses = [];
  await place.remove();
});

async function open(bus?: Bus): Promise<Stage> {
  const node = await openStage(place.database, bus ? { bus } : {});
  nodes.push(node);
  return node;
}

function busOn(hub: LocalHub): Bus {
  const bus = openLocalBus(hub);
  buses.push(bus);
  return bus;
}

/** Says that all is well, and drops everything. */
const deaf = (bus: Bus, isUp: boolean): Bus => ({
  ...bus,
  publish: () => undefined,
  isUp: () => isUp,
});

test('[CLU2] updates and cursors of one node reach the other’s people', async () => {
  const hub = new LocalHub();
  const [one, two] = [await open(busOn(hub)), await open(busOn(hub))];
  await furnish(one.boards, 'alice');
  const alice = await one.joined('alice');
  const bob = await two.joined('bob');
  await until(() => cardText(bob.doc, 'c-alice') === 'alice的意见');
  for (let n = 0; n < 30; n += 1) {
    cardBody(alice.doc, 'c-alice')!.insert(0, '甲');
    cardBody(bob.doc, 'c-alice')!.insert(0, '乙');
    await new Promise((resolve) => setImmediate(resolve));
  }
  const texts = () => [alice, bob].map(({ doc }) => cardText(doc, 'c-alice'));
  await until(() => texts().every((text) => text.length === 60 + 8) && new Set(texts()).size === 1);
  alice.awareness.setLocalStateField('card', 'c-alice');
  const states = () => bob.awareness.getStates();
  await until(() => states().get(alice.doc.clientID)?.['card'] === 'c-alice');
  alice.destroy();
  await until(() => !states().has(alice.doc.clientID));
  const stored = await place.database.sql
    .selectFrom('board_update')
    .select('seq')
    .orderBy('seq')
    .execute();
  expect(stored.map(({ seq }) => seq)).toEqual(stored.map((_row, index) => index + 1));
  expect(nodes.flatMap(({ logged }) => logged)).toEqual([]);
});

test('[CLU2] who comes to a node is told of those who are at another', async () => {
  const hub = new LocalHub();
  const one = await open(busOn(hub));
  await furnish(one.boards, 'alice');
  const alice = await one.joined('alice');
  alice.awareness.setLocalStateField('card', 'c-alice');
  await until(() => one.boards.figures().connections === 1);
  const two = await open(busOn(hub));
  const bob = await two.joined('bob');
  await until(() => bob.awareness.getStates().has(alice.doc.clientID));
});

test('[CLU1] with every message of the bus lost, two nodes converge through SQL when they write', async () => {
  const [one, two] = [await open(), await open()];
  await furnish(one.boards, 'alice');
  const alice = await one.joined('alice');
  const bob = await two.joined('bob');
  const write = (text: string) => cardBody(bob.doc, 'c-alice')?.insert(0, text);
  for (let n = 0; n < 10; n += 1) {
    cardBody(alice.doc, 'c-alice')!.insert(0, '甲');
    write('乙');
    await new Promise((resolve) => setImmediate(resolve));
  }
  const on = (stage: Stage) => stage.boards.read(board, (doc) => cardText(doc, 'c-alice'));
  await until(() => cardText(alice.doc, 'c-alice').includes('甲'));
  const deadline = Date.now() + 5_000;
  while ((await on(one)).length < 8 + 20 && Date.now() < deadline);
  expect(await on(two)).toBe(await on(one));
  // reading brought both up to date, and so their people
  await until(() => cardText(alice.doc, 'c-alice') === cardText(bob.doc, 'c-alice'));
});

test('[CLU1] what a bus that is down drops is found by looking into SQL', async () => {
  const hub = new LocalHub();
  const [one, two] = [await open(deaf(busOn(hub), false)), await open(deaf(busOn(hub), false))];
  await furnish(one.boards, 'alice');
  const bob = await two.joined('bob');
  const alice = await one.joined('alice');
  cardBody(alice.doc, 'c-alice')!.insert(0, '甲');
  await until(() => cardText(bob.doc, 'c-alice') === '甲alice的意见');
});

test('[CLU1] a gap in what the bus brings is filled from SQL', async () => {
  const hub = new LocalHub();
  const bus = busOn(hub);
  let dropping = false;
  const leaky: Bus = { ...bus, publish: (...what) => dropping || bus.publish(...what) };
  const [one, two] = [await open(leaky), await open(busOn(hub))];
  await furnish(one.boards, 'alice');
  const bob = await two.joined('bob');
  const alice = await one.raw('alice').join();
  dropping = true;
  alice.edit((doc) => cardBody(doc, 'c-alice')!.insert(0, '失'));
  await until(() => alice.saved === 2);
  dropping = false;
  alice.edit((doc) => cardBody(doc, 'c-alice')!.insert(0, '到'));
  await until(() => cardText(bob.doc, 'c-alice') === '到失alice的意见');
});

test('edits of the servers’ own on two nodes at once are each made once', async () => {
  const [one, two] = [await open(), await open()];
  await furnish(one.boards, 'alice');
  const edits = Array.from({ length: 10 }, (_, n) => {
    const { boards, roster } = n % 2 === 0 ? one : two;
    return boards.edit(board, roster['mona']!, (doc) => {
      cardBody(doc, 'c-alice')?.insert(0, String(n));
    });
  });
  await Promise.all(edits);
  for (const { boards } of [one, two]) {
    const text = await boards.read(board, (doc) => cardText(doc, 'c-alice'));
    expect([...text.replace('alice的意见', '')].sort().join('')).toBe('0123456789');
  }
});

test('[BRD12] two people on two nodes can’t both have one client id', async () => {
  const [one, two] = [await open(), await open()];
  await furnish(one.boards, 'alice', 'bob');
  const alice = await one.raw('alice').join();
  const bob = await two.raw('bob').join();
  bob.doc.clientID = alice.doc.clientID;
  alice.edit((doc) => cardBody(doc, 'c-alice')!.insert(0, '甲'));
  bob.edit((doc) => cardBody(doc, 'c-bob')!.insert(0, '乙'));
  await until(() => alice.saved + bob.saved === 3 && alice.resets.length + bob.resets.length === 1);
  expect([...alice.resets, ...bob.resets]).toEqual(['foreign_client']);
});

test('[BRD5] a step 2 that holds what the other node stored meanwhile is judged after catching up', async () => {
  const [one, two] = [await open(), await open()];
  await furnish(one.boards, 'alice');
  const bob = await two.joined('bob');
  const alice = await one.joined('alice');
  cardBody(alice.doc, 'c-alice')!.insert(0, '甲');
  // bob’s own copy hears of it by another way than his node, and builds on it
  const raw = await one.raw('mona').join();
  await until(() => cardText(raw.doc, 'c-alice') === '甲alice的意见');
  const { doc } = bob;
  bob.disconnect();
  const { applyUpdate, encodeStateAsUpdate } = await import('yjs');
  applyUpdate(doc, encodeStateAsUpdate(raw.doc));
  cardBody(doc, 'c-alice')!.insert(1, '乙');
  bob.connect();
  await until(() => cardText(alice.doc, 'c-alice') === '甲alice的意见' && bob.synced);
  const on = () => two.boards.read(board, (found) => cardText(found, 'c-alice'));
  const deadline = Date.now() + 5_000;
  while (!(await on()).startsWith('甲乙') && Date.now() < deadline);
  expect(await on()).toBe('甲乙alice的意见');
  expect(nodes.flatMap(({ logged }) => logged)).toEqual([]);
});
