// One board under siege: attackers come and go, a bystander writes on, and every stored byte is looked at.
import { isDeepStrictEqual } from 'node:util';
import * as Y from 'yjs';
import { userOf } from '../../shared/board/presence.ts';
import { addCard, addLane, cardBody, cardText, readCard } from '../../shared/board/schema.ts';
import {
  board,
  openStage,
  people,
  placeOnDisk,
  until,
  type RawClient,
} from '../board/board-stage.ts';
import { attackOf, type Attack, type Opcode, type Target } from './attack-frames.ts';
import { bytesOf, faultsOf } from './board-oracle.ts';
import { randomOf } from './random.ts';

const ample = { burst: 1e12, perSecond: 1e12 };
/** So that nobody is shown out before all was tried. */
export const patient = {
  refusals: ample,
  content: ample,
  contentBytes: ample,
  chatter: ample,
  syncs: ample,
  connectionsPerPerson: 1e9,
  awarenessMs: 5,
};

export const attackers: readonly (string | undefined)[] = [
  ...['alice', 'alice', 'alice', 'alice', 'dora', 'dora', 'olga', 'olga'],
  ...['gwen', 'stranger', undefined],
];
const writers = new Set<string | undefined>(['alice', 'dora']);
const TABLED = '已成意见';

const CALM_STROKES = 20;

export type Siege = Awaited<ReturnType<typeof besiege>>;

/** Lays a board out with seeded client ids, so that a seed gives the same bytes again. */
export async function besiege(seed: string) {
  const random = randomOf(seed);
  const place = await placeOnDisk();
  let stage = await openStage(place.database, { limits: patient });
  stage.roster['dora'] = { person: 'dora', role: 'department', unit: '他处', name: '窦部门' };
  const clientIds = { mona: 0, bob: 0 };
  for (const who of ['mona', 'bob'] as const) clientIds[who] = 1 + random.int(2 ** 32 - 2);
  const mona = stage.raw('mona');
  mona.doc.clientID = clientIds.mona;
  await mona.join();
  mona.edit((doc) => {
    addLane(doc, { id: 'l1', title: '普通', kind: 'common' });
    for (const [id, text] of [
      ['c-open', '开放'],
      ['c-tabled', TABLED],
    ] as const)
      addCard(doc, { id, lane: 'l1', author: 'mona', text, createdAt: 1 });
  });
  await until(() => mona.saved === 2);
  await stage.boards.withDraft(board, 'c-tabled', (_draft, within) =>
    place.database.commit(async (trx) => within?.(trx)),
  );
  const bob = stage.raw('bob');
  bob.doc.clientID = clientIds.bob;
  await bob.join();
  bob.edit((doc) =>
    addCard(doc, { id: 'c-bob', lane: 'l1', author: 'bob', text: '白的意见', createdAt: 1 }),
  );
  await until(() => bob.saved === 2);
  const alice = stage.raw('alice');
  alice.doc.clientID = 1 + random.int(2 ** 32 - 2);
  await alice.join();
  alice.edit((doc) =>
    addCard(doc, { id: 'c-alice', lane: 'l1', author: 'alice', text: '艾的意见', createdAt: 1 }),
  );
  await until(() => alice.saved === 2);
  alice.close();

  let seq = 0;
  let nonce = 0;
  const relayed: string[] = [];
  const toRelay: string[] = [];
  let heardUpTo = 0;
  const personByClient = new Map<number, string>();
  const outcomes = { admitted: 0, reset: 0, closed: 0, nothing: 0 };
  /** How long the bystander's strokes took before the siege, and those that came in just behind an attack. */
  const trips = { calm: [] as number[], besieged: [] as number[] };

  const rowsSince = (after: number) =>
    place.database.sql
      .selectFrom('board_update')
      .selectAll()
      .where('seq', '>', after)
      .orderBy('seq')
      .execute();
  const stateNow = () =>
    stage.boards.read(board, (doc) => ({ bytes: bytesOf(doc), faults: faultsOf(doc), doc }));
  const leases = async () =>
    new Map(
      (await place.database.sql.selectFrom('board_lease').selectAll().execute()).map(
        ({ client_id, person }) => [client_id, person] as const,
      ),
    );

  /** From the bystander's stroke to the server's word that it is on disk, in ms. */
  function roundTrip(): Promise<number> {
    const saved = bob.saved;
    const begun = performance.now();
    return new Promise((resolve) => {
      const look = () => {
        if (bob.saved === saved && !bob.closed) return;
        bob.ws.off('message', look).off('close', look);
        resolve(performance.now() - begun);
      };
      bob.ws.on('message', look).on('close', look);
      bob.edit(() => {
        const body = cardBody(bob.doc, 'c-bob')!;
        if (body.length > 500) body.delete(0, 400);
        body.insert(body.length, `${nonce}。`);
      });
    });
  }

  for (let n = 0; n < CALM_STROKES; n += 1) trips.calm.push(await roundTrip());

  seq = (await rowsSince(0)).at(-1)?.seq ?? 0;
  let before = (await stateNow()).bytes;
  // what came before the siege was relayed too, and is not looked at
  await until(() => cardText(bob.doc, 'c-alice') !== '');
  relayed.push(...bob.all('update').map(({ update }) => base64(update)));
  toRelay.push(...relayed);
  heardUpTo = bob.told.length;

  let attacker: { client: RawClient; person: string | undefined } | undefined;

  async function come(person: string | undefined): Promise<RawClient> {
    if (attacker?.person === person && attacker && !attacker.client.closed) return attacker.client;
    attacker?.client.close();
    const client = stage.raw(person);
    client.doc.clientID = 1 + random.int(2 ** 32 - 2);
    attacker = { client, person };
    if (random.chance(0.3))
      await until(() => client.ws.readyState > 0); // not even greeted
    else if (person !== undefined && writers.has(person) && random.chance(0.7)) await client.join();
    else await client.open();
    return client;
  }

  /** Sends it, and returns when the server has done with it. */
  async function deliver(client: RawClient, frame: Uint8Array): Promise<void> {
    if (client.ws.readyState !== client.ws.OPEN) return;
    const answered = new Promise<void>((resolve) => {
      client.ws.once('pong', () => resolve());
      client.ws.once('close', () => resolve());
    });
    client.ws.send(frame);
    client.ws.ping();
    await answered;
  }

  const fail = (attack: Attack, person: string | undefined, what: string): never => {
    const hex = Buffer.from(attack.frame.subarray(0, 2_000)).toString('hex');
    throw new Error(
      `${what}\n  seed ${seed}, frame ${nonce}: ${attack.name} by ${person}\n  ${hex}`,
    );
  };

  /** Everything that must hold after any frame. */
  async function check(
    attack: Attack,
    person: string | undefined,
    client: RawClient,
    beside: number,
  ) {
    const wrong = (what: string) => fail(attack, person, what);
    const after = await stateNow();
    const all = await rowsSince(seq);
    const rows = all.filter((row) => row.person !== 'bob');
    if (all.length - rows.length !== beside) wrong('the bystander’s stroke is not stored');
    if (after.faults.length > 0) wrong(`no board any more: ${after.faults.join('; ')}`);
    const mayWrite = writers.has(person) && !attack.forbidden;
    if (!mayWrite && rows.length > 0) wrong('rows were stored');
    if (all.length === 0 && after.bytes !== before) wrong('the board changed without a row');
    const owners = rows.length > 0 ? await leases() : new Map<number, string>();
    for (const row of rows) {
      if (row.person !== person || row.kind !== 'update' || !row.bytes)
        return wrong('a foreign row');
      if (attack.name === 'longNumbers' && Buffer.from(attack.frame).includes(row.bytes))
        wrong('stored as it came');
      for (const { id } of Y.decodeUpdate(row.bytes).structs)
        if (owners.get(id.client) !== person) wrong(`written as ${id.client}, somebody else's`);
      toRelay.push(base64(row.bytes));
    }
    seq += all.length;
    before = after.bytes;
    const { doc } = after;
    if (cardText(doc, 'c-tabled') !== TABLED) wrong('the tabled text changed');
    for (const [card, author] of [
      ['c-bob', 'bob'],
      ['c-tabled', 'mona'],
      ['c-open', 'mona'],
    ] as const)
      if (readCard(doc, card)?.author !== author) wrong(`${card} is gone, or another's`);
    hear(wrong);
    if (rows.length > 0) outcomes.admitted += 1;
    else if (client.closed) outcomes.closed += 1;
    else if (client.resets.length > 0) outcomes.reset += 1;
    else outcomes.nothing += 1;
    return rows.length;
  }

  /** What the bystander was told since. */
  function hear(wrong: (what: string) => never): void {
    for (const told of bob.told.slice(heardUpTo)) {
      if (told.kind === 'reset') wrong(`the bystander was reset: ${told.reason}`);
      if (told.kind === 'update') relayed.push(base64(told.update));
      if (told.kind !== 'awareness') continue;
      for (const { client, state } of told.entries) {
        if (state === null) continue;
        const user = state['user'] as { id: string };
        const { name = '' } = stage.roster[user.id] ?? {};
        if (!isDeepStrictEqual(user, userOf({ id: user.id, name }))) wrong('a made up identity');
        if (!writers.has(user.id) && Object.keys(state).length > 1) wrong('a reader has a place');
        const known = personByClient.get(client) ?? user.id;
        if (known !== user.id && writers.has(known)) wrong(`${client} was ${known}, is ${user.id}`);
        personByClient.set(client, user.id);
        if (client === clientIds.mona || client === clientIds.bob)
          if (user.id === person(attacker)) wrong('shown under somebody else’s client id');
      }
    }
    heardUpTo = bob.told.length;
  }
  const person = (one: typeof attacker) => one?.person;

  /** The bystander writes on, is answered, and has what is stored: no more, no less. */
  async function bystanderWrites(wrong: (what: string) => never): Promise<void> {
    if (bob.closed) wrong('the bystander was shown out');
    await roundTrip();
    const { doc, bytes } = await stateNow();
    const rows = await rowsSince(seq);
    if (rows.length !== 1 || rows[0]?.person !== 'bob') wrong('the bystander’s edit is not stored');
    seq += rows.length;
    before = bytes;
    await until(() => bob.all('update').length >= toRelay.length).catch(() => wrong('not relayed'));
    hear(wrong);
    if (!isDeepStrictEqual(relayed, toRelay)) wrong('relayed is not what was stored');
    if (!isDeepStrictEqual(cardsJson(bob.doc), cardsJson(doc)))
      wrong('the bystander has another board');
  }

  return {
    outcomes,
    trips,
    async attack(opcode: Opcode): Promise<void> {
      const who = random.chance(0.5) && attacker ? attacker.person : random.pick(attackers);
      await this.attackWith(who, (target) => attackOf(opcode, target));
    },
    async attackWith(who: string | undefined, make: (target: Target) => Attack): Promise<void> {
      nonce += 1;
      const client = await come(who);
      const made = make(targetFor(client.doc.clientID, who));
      await this.send(made, who, client);
    },
    async send(made: Attack, who: string | undefined, client: RawClient): Promise<void> {
      const savedBefore = client.saved;
      // now and then the bystander writes in the same breath
      const beside = nonce % 20 === 10 ? 1 : 0;
      const [, ...took] = await Promise.all([
        deliver(client, made.frame),
        ...Array.from({ length: beside }, roundTrip),
      ]);
      trips.besieged.push(...took);
      const rows = await check(made, who, client, beside);
      // what waits for a step 2 would be judged with the next frame
      const held = rows === 0 && client.saved === savedBefore;
      if (held || client.resets.length > 0 || client.closed) {
        client.close();
        attacker = undefined;
      }
      if (nonce % 20 === 0) await bystanderWrites((what) => fail(made, who, what));
    },
    /** Compares what a new process finds with what was last told; and leaves nothing behind. */
    async end(): Promise<void> {
      const wrong = (what: string): never => {
        throw new Error(`${what}\n  seed ${seed}, at the end`);
      };
      try {
        await bystanderWrites(wrong);
        const shown = cardsJson(bob.doc);
        await stage.close();
        stage = await openStage(await place.reopen(), { limits: patient });
        const { doc, faults } = await stateNow();
        if (faults.length > 0) wrong(faults.join('; '));
        if (!isDeepStrictEqual(cardsJson(doc), shown)) {
          const [found, told] = [JSON.stringify(cardsJson(doc)), JSON.stringify(shown)];
          wrong(`another board after a restart:\n${found}\n${told}`);
        }
        for (const owner of (await leases()).values())
          if (!writers.has(owner) && !people[owner]?.role.match(/^(moderator|member)$/))
            wrong(`${owner} holds a client id`);
      } finally {
        await this.remove();
      }
    },
    async remove() {
      await stage.close();
      await place.remove();
    },
  };

  function targetFor(clientId: number, who: string | undefined): Target {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, Buffer.from(before, 'base64'));
    doc.clientID = clientId;
    const others = [clientIds.mona, clientIds.bob];
    return { random, doc, person: who ?? 'nobody', others, nonce };
  }
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const cardsJson = (doc: Y.Doc): unknown => ({
  cards: doc.getMap('cards').toJSON(),
  lanes: doc.getMap('lanes').toJSON(),
  vector: Object.fromEntries(Y.decodeStateVector(Y.encodeStateVector(doc))),
});
