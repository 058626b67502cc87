import { afterEach, beforeEach, expect, test } from 'vitest';
import type { WebsocketProvider } from 'y-websocket';
import { writeEntries, type AwarenessEntry } from '../../server/board/awareness.ts';
import { userOf } from '../../shared/board/presence.ts';
import { boardFrame } from '../../shared/wire/board-frames.ts';
import {
  furnish,
  openStage,
  placeOnDisk,
  until,
  varUint,
  type Place,
  type RawClient,
  type Stage,
} from './board-stage.ts';

let place: Place;
let stage: Stage;
beforeEach(async () => {
  place = await placeOnDisk();
  stage = await openStage(place.database, { limits: { awarenessMs: 20 } });
  await furnish(stage.boards, 'alice');
});
afterEach(async () => {
  await stage.close();
  await place.remove();
});

const seenBy = ({ awareness }: WebsocketProvider, client: number) =>
  awareness.getStates().get(client) as Record<string, unknown> | undefined;

function show(client: RawClient, ...entries: AwarenessEntry[]): void {
  const bytes = writeEntries(entries);
  client.ws.send(
    Buffer.concat([Buffer.from([boardFrame.awareness]), varUint(bytes.length), bytes]),
  );
}
const entry = (client: number, clock: number, state?: object): AwarenessEntry => ({
  client,
  clock,
  state: state && JSON.stringify(state),
});
const lines = (client: RawClient) => client.all('awareness').flatMap(({ entries }) => entries);

test('[BRD6] identity is the server’s word, the cursor the client’s', async () => {
  const alice = await stage.joined('alice');
  const bob = await stage.joined('bob');
  const cursor = { anchor: { item: 1 }, head: { item: 2 } };
  alice.awareness.setLocalState({
    user: { id: 'mona', name: '莫主持' },
    card: 'c-alice',
    cursor,
    secret: 1,
  });
  await until(() => seenBy(bob, alice.doc.clientID)?.['card'] === 'c-alice');
  expect(seenBy(bob, alice.doc.clientID)).toEqual({
    user: userOf({ id: 'alice', name: '艾委员' }),
    card: 'c-alice',
    cursor,
  });
});

test('[BRD6] who leaves is gone for everyone, and back when they return', async () => {
  const alice = await stage.joined('alice');
  const bob = await stage.joined('bob');
  const { clientID } = alice.doc;
  alice.awareness.setLocalStateField('card', 'c-alice');
  await until(() => seenBy(bob, clientID)?.['card'] === 'c-alice');
  alice.disconnect();
  await until(() => seenBy(bob, clientID) === undefined);
  alice.connect();
  await until(() => seenBy(bob, clientID)?.['card'] === 'c-alice');
});

test('whoever comes is told who is there', async () => {
  const alice = await stage.joined('alice');
  alice.awareness.setLocalStateField('card', 'c-alice');
  const late = await stage.raw('bob').open();
  await until(() => lines(late).some(({ client }) => client === alice.doc.clientID));
  late.send(boardFrame.queryAwareness);
  const before = late.all('awareness').length;
  await until(() => late.all('awareness').length > before);
});

test('[BRD6] a connection shows one client id, and nobody another’s', async () => {
  const alice = await stage.raw('alice').join();
  const bob = await stage.raw('bob').join();
  const mona = await stage.raw('mona').join();
  show(alice, entry(11, 1, { card: 'a' }));
  await until(() => lines(mona).some(({ client }) => client === 11));
  show(bob, entry(11, 9, { card: 'b' }), entry(12, 1, { card: 'b' }), entry(11, 9));
  await until(() => lines(mona).some(({ client }) => client === 12));
  show(alice, entry(13, 1, { card: 'a' }));
  show(alice, entry(11, 2, { card: 'a2' }));
  await until(() => lines(mona).some(({ clock }) => clock === 2));
  expect(lines(mona).map(({ client, state }) => [client, state?.['card']])).toEqual([
    [11, 'a'],
    [12, 'b'],
    [11, 'a2'],
  ]);
  expect(stage.logged).toEqual([]);
});

test('[BRD12] a client id shown by one person can’t be another’s later', async () => {
  const alice = await stage.raw('alice').join();
  const mona = await stage.raw('mona').join();
  show(alice, entry(11, 1, { card: 'a' }));
  await until(() => lines(mona).some(({ client }) => client === 11));
  alice.close();
  await until(() => lines(mona).some(({ client, state }) => client === 11 && state === null));
  const bob = await stage.raw('bob').join();
  show(bob, entry(11, 9, { card: 'b' }));
  show(bob, entry(12, 1, { card: 'b' }));
  await until(() => lines(mona).some(({ client }) => client === 12));
  expect(lines(mona).filter(({ client }) => client === 11)).toHaveLength(2);
  const leases = await place.database.sql.selectFrom('board_lease').selectAll().execute();
  expect(leases.find(({ client_id }) => client_id === 11)?.person).toBe('alice');
});

test('[BRD2] an observer is seen, and has no place on the board', async () => {
  const olga = await stage.raw('olga').join();
  const mona = await stage.raw('mona').join();
  show(olga, entry(11, 1, { card: 'a', cursor: { anchor: 1, head: 1 } }));
  await until(() => lines(mona).length > 0);
  expect(lines(mona)[0]?.state).toEqual({ user: userOf({ id: 'olga', name: '欧旁听' }) });
});

test('[BRD18] awareness comes back to its sender, or a lone client would believe the connection dead', async () => {
  const alice = await stage.raw('alice').join();
  show(alice, entry(11, 1, {}));
  await until(() => lines(alice).some(({ client }) => client === 11));
});

test('[BRD18] a connection that is told nothing hears an empty awareness message in time', async () => {
  await stage.close();
  stage = await openStage(place.database, { limits: { pingMs: 30 } });
  const alice = await stage.raw('alice').join();
  const before = alice.all('awareness').length;
  await until(() => alice.all('awareness').length > before + 1);
  expect(lines(alice)).toEqual([]);
});

test('a connection whose peer no longer answers is ended', async () => {
  await stage.close();
  stage = await openStage(place.database, { limits: { pingMs: 30 } });
  const alice = await stage.raw('alice').join();
  alice.ws.pause(); // reads no ping, so answers none
  await until(() => stage.boards.figures().connections === 0);
});

test('[BRD19] many moves of cursors are told together, a few times a second', async () => {
  await stage.close();
  stage = await openStage(place.database, { limits: { awarenessMs: 100 } });
  const mona = await stage.raw('mona').join();
  const movers = await Promise.all(['alice', 'bob'].map((one) => stage.raw(one).join()));
  const frames = mona.all('awareness').length;
  for (let clock = 1; clock <= 100; clock += 1) {
    movers.forEach((mover, index) => show(mover, entry(20 + index, clock, { card: `c${clock}` })));
    if (clock % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await until(() =>
    [20, 21].every((own) => lines(mona).some((l) => l.client === own && l.clock === 100)),
  );
  expect(mona.all('awareness').length - frames).toBeLessThan(10);
});
