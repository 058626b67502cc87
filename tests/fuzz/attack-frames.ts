// Frames that a client should not send, and some that it may: mutated from valid ones, or made for the purpose.
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import {
  addCard,
  addLane,
  boardLimits,
  cardBody,
  cardsOf,
  lanesOf,
  moveCard,
  removeCard,
} from '../../shared/board/schema.ts';
import { boardFrame, MAX_UPDATE_BYTES, syncStep } from '../../shared/wire/board-frames.ts';
import { updateOf } from '../board/board-stage.ts';
import type { Random } from './random.ts';

export interface Target {
  readonly random: Random;
  /** The attacker's copy of the board; may be thrown away. */
  readonly doc: Y.Doc;
  readonly person: string;
  /** Client ids that are other people's. */
  readonly others: readonly number[];
  /** Makes what is new here different from what was new before. */
  readonly nonce: number;
}

type Make = (target: Target) => Uint8Array;

export const opcodes = [
  'step1',
  'step2',
  'update',
  'awareness',
  'auth',
  'queryAwareness',
  'saved',
  'reset',
  'unknown',
] as const;
export type Opcode = (typeof opcodes)[number];

export const frameOf = (...parts: (number | Uint8Array)[]): Uint8Array =>
  encoding.encode((encoder) => {
    for (const part of parts) {
      if (typeof part === 'number') encoding.writeVarUint(encoder, part);
      else encoding.writeVarUint8Array(encoder, part);
    }
  });

/** A number with zeros that it doesn't need. */
const longForm = (value: number): number[] =>
  [...frameOf(value)].map((byte) => byte | 128).concat(0);

export function mutated(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = bytes.slice();
  const at = () => random.int(Math.max(1, copy.length));
  switch (random.int(8)) {
    case 0:
      return copy.subarray(0, at());
    case 1:
      for (let flips = 1 + random.int(6); flips > 0 && copy.length > 0; flips -= 1)
        copy[at()]! ^= 1 << random.int(8);
      return copy;
    case 2: {
      const place = at();
      return Uint8Array.from([
        ...copy.subarray(0, place),
        ...random.bytes(1 + random.int(8)),
        ...copy.subarray(place),
      ]);
    }
    case 3: {
      const place = at();
      return Uint8Array.from([
        ...copy.subarray(0, place),
        ...copy.subarray(place + 1 + random.int(6)),
      ]);
    }
    case 4:
      return Uint8Array.from([...copy, ...random.bytes(1 + random.int(20))]);
    case 5:
      if (copy.length > 0) copy[at()] = random.pick([0, 1, 127, 128, 255]);
      return copy;
    case 6: {
      const place = at();
      const value = copy[place] ?? 0;
      const rest = copy.subarray(place + 1);
      return Uint8Array.from([
        ...copy.subarray(0, place),
        value | 128,
        ...(value < 128 ? [0] : []),
        ...rest,
      ]);
    }
    default: {
      const place = at();
      return Uint8Array.from([
        ...copy.subarray(0, place),
        ...frameOf(2 ** (7 + random.int(46)) - random.int(2)),
        ...copy.subarray(place),
      ]);
    }
  }
}

const words = ['一', '建议', 'a', '🙂', '\n', ' ', '\ud83d'];
const text = ({ random }: Target) => random.pick(words) + String(random.int(100));
const cardIds = (doc: Y.Doc) => [...cardsOf(doc).keys()];
const someCard = ({ doc, random }: Target) => random.pick([...cardIds(doc), 'c-none']);
const edit = (target: Target, change: (doc: Y.Doc) => void): Uint8Array =>
  updateOf(target.doc, change);

/** Raw structs and deletions in the first version's encoding. */
function rawUpdate(
  blocks: readonly { client: number; clock: number; structs: readonly Uint8Array[] }[],
  deletions: readonly { client: number; ranges: readonly [number, number][] }[] = [],
): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, blocks.length);
    for (const { client, clock, structs } of blocks) {
      encoding.writeVarUint(encoder, structs.length);
      encoding.writeVarUint(encoder, client);
      encoding.writeVarUint(encoder, clock);
      for (const struct of structs) encoding.writeUint8Array(encoder, struct);
    }
    encoding.writeVarUint(encoder, deletions.length);
    for (const { client, ranges } of deletions) {
      encoding.writeVarUint(encoder, client);
      encoding.writeVarUint(encoder, ranges.length);
      for (const [clock, length] of ranges) {
        encoding.writeVarUint(encoder, clock);
        encoding.writeVarUint(encoder, length);
      }
    }
  });
}

const stateOf = (doc: Y.Doc, client: number) => Y.getState(doc.store, client);

/** An item of the attacker's at a root, with content written by hand. */
function itemAtRoot(
  { doc, nonce }: Target,
  root: string,
  ref: number,
  content: (encoder: encoding.Encoder) => void,
): Uint8Array {
  const item = encoding.encode((encoder) => {
    encoding.writeUint8(encoder, ref | 0x20); // with a key, without origins
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarString(encoder, root);
    encoding.writeVarString(encoder, `k${nonce}`);
    content(encoder);
  });
  const client = doc.clientID;
  return rawUpdate([{ client, clock: stateOf(doc, client), structs: [item] }]);
}

/** What a drafter may do; others may do none of it. */
export const validUpdates: Record<string, Make> = {
  insert: (t) =>
    edit(t, (doc) => {
      const body = cardBody(doc, random2(t, ['c-alice', 'c-bob', 'c-open']));
      body?.insert(t.random.int(body.length + 1), text(t));
    }),
  delete: (t) =>
    edit(t, (doc) => {
      const body = cardBody(doc, 'c-bob');
      if (body && body.length > 0) body.delete(t.random.int(body.length), 1);
    }),
  move: (t) => edit(t, (doc) => moveCard(doc, someCard(t), 'l1')),
  add: (t) =>
    edit(t, (doc) =>
      addCard(doc, {
        id: `n${t.nonce}`,
        lane: 'l1',
        author: t.person,
        text: text(t),
        createdAt: 1,
      }),
    ),
  // what is stored of it is written by the server, and the numbers are short again
  longNumbers: (t) => {
    const [blocks = 0, ...rest] = validUpdates['insert']!(t);
    return Uint8Array.from([...longForm(blocks), ...rest]);
  },
  addAndRemove: (t) =>
    edit(t, (doc) => {
      addCard(doc, { id: `n${t.nonce}`, lane: 'l1', author: t.person, createdAt: 1 });
      removeCard(doc, `n${t.nonce}`);
    }),
};
const random2 = ({ random }: Target, ids: readonly string[]) => random.pick(ids);

const setAt =
  (key: string, value: unknown): Make =>
  (t) =>
    edit(t, (doc) =>
      cardsOf(doc)
        .get(someCard(t))
        ?.set(key, value as string),
    );

function addWith(t: Target, values: Record<string, unknown>): Uint8Array {
  return edit(t, (doc) => {
    const id = `n${t.nonce}`;
    addCard(doc, { id, lane: 'l1', author: t.person, createdAt: 1 });
    for (const [key, value] of Object.entries(values))
      cardsOf(doc)
        .get(id)
        ?.set(key, value as string);
  });
}

const deepMaps = (depth: number): Y.Map<unknown> => {
  const outer = new Y.Map<unknown>();
  let inner = outer;
  for (let n = 0; n < depth; n += 1) {
    const next = new Y.Map<unknown>();
    inner.set('deeper', next);
    inner = next;
  }
  return outer;
};

/** What nobody but the server's own may do: refused, whoever sends it. */
export const forbiddenUpdates: Record<string, Make> = {
  foreignClient: (t) => {
    t.doc.clientID = t.random.pick(t.others);
    return validUpdates['insert']!(t);
  },
  foreignClock: (t) => {
    const client = t.random.pick(t.others);
    const { doc } = t;
    const gc = Uint8Array.from([0, 1 + t.random.int(100)]);
    return rawUpdate([{ client, clock: stateOf(doc, client) + t.random.int(3), structs: [gc] }]);
  },
  clockGap: (t) => {
    edit(t, (doc) => cardBody(doc, 'c-alice')?.insert(0, '缺'));
    return edit(t, (doc) => cardBody(doc, 'c-alice')?.insert(0, text(t)));
  },
  futureDeletion: (t) => {
    const client = t.random.pick([...t.others, t.doc.clientID, 1 + t.random.int(1_000)]);
    const from = stateOf(t.doc, client) + t.random.int(50);
    return rawUpdate([], [{ client, ranges: [[from, 1 + t.random.int(2 ** 30)]] }]);
  },
  unseenOrigin: (t) => {
    const stranger = new Y.Doc();
    stranger.clientID = 1 + t.random.int(2 ** 31);
    Y.applyUpdate(stranger, Y.encodeStateAsUpdate(t.doc));
    cardBody(stranger, 'c-alice')?.insert(0, '没人见过');
    const before = Y.encodeStateVector(stranger);
    stranger.clientID = t.doc.clientID;
    cardBody(stranger, 'c-alice')?.insert(1, text(t));
    return Y.encodeStateAsUpdate(stranger, before);
  },
  hugeWords: (t) =>
    edit(t, (doc) =>
      cardBody(doc, 'c-alice')?.insert(
        0,
        '字'.repeat(boardLimits.cardChars + t.random.int(20_000)),
      ),
    ),
  oversize: (t) =>
    edit(t, (doc) => cardBody(doc, 'c-alice')?.insert(0, 'x'.repeat(MAX_UPDATE_BYTES + 1))),
  hugeTitle: (t) =>
    edit(t, (doc) =>
      addLane(doc, { id: `l${t.nonce}`, title: '长'.repeat(5_000), kind: 'common' }),
    ),
  hugeKey: (t) => edit(t, (doc) => cardsOf(doc).get('c-alice')?.set('k'.repeat(10_000), 1)),
  hugeId: (t) =>
    edit(t, (doc) =>
      addCard(doc, { id: 'i'.repeat(200), lane: 'l1', author: t.person, createdAt: 1 }),
    ),
  deepTypes: (t) =>
    edit(t, (doc) => cardsOf(doc).set(`n${t.nonce}`, deepMaps(1 + t.random.int(300)) as never)),
  deepAny: (t) =>
    itemAtRoot(t, 'cards', 8, (encoder) => {
      encoding.writeVarUint(encoder, 1);
      for (let depth = 100_000; depth > 0; depth -= 1) {
        encoding.writeUint8(encoder, 117); // an array
        encoding.writeVarUint(encoder, 1);
      }
      encoding.writeUint8(encoder, 126);
    }),
  deepJson: (t) =>
    itemAtRoot(t, 'cards', 5, (encoder) =>
      encoding.writeVarString(encoder, '['.repeat(50_000) + ']'.repeat(50_000)),
    ),
  deepFormat: (t) =>
    itemAtRoot(t, 'cards', 6, (encoder) => {
      encoding.writeVarString(encoder, 'bold');
      encoding.writeVarString(encoder, '['.repeat(50_000) + ']'.repeat(50_000));
    }),
  subdocument: (t) => edit(t, (doc) => cardsOf(doc).set(`n${t.nonce}`, new Y.Doc() as never)),
  binary: setAt('kind', new Uint8Array([1, 2, 3])),
  object: setAt('order', { deep: [1, { a: null }] }),
  emptyOrder: setAt('order', ''),
  noOrder: setAt('order', '~'),
  endlessOrder: setAt('order', 'z'),
  notNumber: setAt('createdAt', 'yesterday'),
  author: setAt('author', 'mona'),
  behalf: setAt('onBehalfOf', 'mona'),
  intoObject: setAt('into', { card: 'c-bob' }),
  intoLong: setAt('into', 'x'.repeat(101)),
  proto: setAt('__proto__', 'x'),
  body: (t) =>
    edit(t, (doc) =>
      cardsOf(doc)
        .get('c-alice')
        ?.set('body', new Y.Text('别的') as never),
    ),
  rootList: (t) =>
    edit(t, (doc) => cardsOf(doc) && doc.getArray(`other${t.nonce}`).insert(0, ['x'])),
  listInBody: (t) => edit(t, (doc) => cardBody(doc, 'c-alice')?.insertEmbed(0, new Y.Map())),
  bold: (t) => edit(t, (doc) => cardBody(doc, 'c-alice')?.format(0, 1, { bold: true })),
  xml: (t) => edit(t, (doc) => cardsOf(doc).set(`n${t.nonce}`, new Y.XmlElement('p') as never)),
  inOthersName: (t) =>
    edit(t, (doc) =>
      addCard(doc, { id: `n${t.nonce}`, lane: 'l1', author: 'bob', text: '冒名', createdAt: 1 }),
    ),
  forSomeone: (t) =>
    edit(t, (doc) =>
      addCard(doc, {
        id: `n${t.nonce}`,
        lane: 'l1',
        author: t.person,
        onBehalfOf: 'bob',
        createdAt: 1,
      }),
    ),
  lane: (t) => edit(t, (doc) => addLane(doc, { id: `l${t.nonce}`, title: '另立', kind: 'common' })),
  laneGone: (t) => edit(t, (doc) => lanesOf(doc).delete('l1')),
  othersCardGone: (t) =>
    edit(t, (doc) => removeCard(doc, t.random.pick(['c-bob', 'c-tabled', 'c-open']))),
  othersCardReplaced: (t) =>
    edit(t, (doc) =>
      addCard(doc, {
        id: t.random.pick(['c-bob', 'c-tabled']),
        lane: 'l1',
        author: t.person,
        text: '换了',
        createdAt: 1,
      }),
    ),
  tabledText: (t) =>
    edit(t, (doc) => {
      const body = cardBody(doc, 'c-tabled');
      if (t.random.chance(0.5)) body?.insert(0, text(t));
      else body?.delete(0, 1);
    }),
  kindUnknown: (t) => addWith(t, { kind: 'law' }),
  foreignKey: (t) => addWith(t, { [`x${t.nonce}`]: 1 }),
  second: (t) => Y.convertUpdateFormatV1ToV2(validUpdates['insert']!(t)),
  skip: (t) => {
    const first = edit(t, (doc) => cardBody(doc, 'c-alice')?.insert(0, '头'));
    edit(t, (doc) => cardBody(doc, 'c-alice')?.insert(0, '中'));
    return Y.mergeUpdates([first, edit(t, (doc) => cardBody(doc, 'c-alice')?.insert(0, '尾'))]);
  },
  manyClaimed: (t) => frameOf(2 ** (20 + t.random.int(33)), t.doc.clientID, 0),
  hugeLength: (t) => {
    const clock = stateOf(t.doc, t.doc.clientID);
    const struct = Uint8Array.from([0, ...frameOf(2 ** (41 + t.random.int(12)) - 1)]);
    return rawUpdate([{ client: t.doc.clientID, clock, structs: [struct] }]);
  },
  hugeClient: (t) =>
    rawUpdate([
      { client: 2 ** (33 + t.random.int(20)) - 1, clock: 0, structs: [Uint8Array.from([0, 1])] },
    ]),
  emptyStruct: (t) =>
    rawUpdate([
      {
        client: t.doc.clientID,
        clock: stateOf(t.doc, t.doc.clientID),
        structs: [Uint8Array.from([0, 0])],
      },
    ]),
};

/** What may be admitted or not, as the bytes fall: no more is asked than that the board stays a board. */
function anyUpdate(target: Target): Uint8Array {
  const { random } = target;
  switch (random.int(4)) {
    case 0:
      return random.bytes(random.int(200));
    case 1: {
      const base = validUpdates[random.pick(Object.keys(validUpdates))]!(target);
      return mutated(base, random);
    }
    case 2: {
      const base = forbiddenUpdates[random.pick(Object.keys(forbiddenUpdates))]!(target);
      return base.length > 4_000 ? base : mutated(base, random);
    }
    default:
      return mutated(Y.encodeStateAsUpdate(target.doc), random);
  }
}

export interface Attack {
  readonly name: string;
  readonly frame: Uint8Array;
  /** Whoever sends it, nothing may come of it. */
  readonly forbidden: boolean;
}

function contentAttack(target: Target, step: number): Attack {
  const { random } = target;
  const kind = random.int(10);
  if (kind < 4) {
    const name = random.pick(Object.keys(forbiddenUpdates));
    const update = forbiddenUpdates[name]!(target);
    return { name, frame: frameOf(boardFrame.sync, step, update), forbidden: name !== 'second' };
  }
  if (kind < 6) {
    const name = random.pick(Object.keys(validUpdates));
    return {
      name,
      frame: frameOf(boardFrame.sync, step, validUpdates[name]!(target)),
      forbidden: false,
    };
  }
  if (kind < 9)
    return {
      name: 'mutated update',
      frame: frameOf(boardFrame.sync, step, anyUpdate(target)),
      forbidden: false,
    };
  const frame = frameOf(boardFrame.sync, step, validUpdates['insert']!(target));
  if (random.chance(0.3)) {
    const [, , ...rest] = frame;
    const long = random.chance(0.5)
      ? [...longForm(boardFrame.sync), step]
      : [boardFrame.sync, ...longForm(step)];
    return { name: 'long number', frame: Uint8Array.from([...long, ...rest]), forbidden: true };
  }
  return { name: 'mutated frame', frame: mutated(frame, random), forbidden: false };
}

const awarenessOf = (entries: readonly [number, number, string][]): Uint8Array =>
  encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, entries.length);
    for (const [client, clock, state] of entries) {
      encoding.writeVarUint(encoder, client);
      encoding.writeVarUint(encoder, clock);
      encoding.writeVarString(encoder, state);
    }
  });

const deep = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
const states: Record<string, (target: Target) => string> = {
  spoofed: () => JSON.stringify({ user: { id: 'mona', name: '莫主持', color: '#000' } }),
  place: ({ random }) =>
    JSON.stringify({ card: 'c-bob', cursor: { anchor: random.int(9), head: 1 } }),
  gone: () => 'null',
  noJson: ({ random }) => String.fromCharCode(...random.bytes(random.int(60))),
  huge: () => JSON.stringify({ card: 'x'.repeat(200_000), more: 'y'.repeat(10_000) }),
  deepCard: () => `{"card":${deep(50_000)}}`,
  deepCursor: () => `{"cursor":{"anchor":${deep(50_000)},"head":0}}`,
  proto: () => '{"__proto__":{"card":"x"},"card":"c-bob","toJSON":1}',
  markup: () => JSON.stringify({ card: '<img src=x onerror=alert(1)>', user: null }),
  scalar: ({ random }) => random.pick(['0', '""', 'true', '[]', '{}', '1e999', '-0']),
};

function awarenessAttack(target: Target): Attack {
  const { random, doc, others } = target;
  const name = random.pick(Object.keys(states));
  const count = random.pick([1, 1, 1, 2, 5]);
  const entries = Array.from({ length: count }, (): [number, number, string] => [
    random.pick([doc.clientID, doc.clientID, ...others, random.int(2 ** 32), 2 ** 53 - 1]),
    random.pick([0, 1, target.nonce, 2 ** 31, 2 ** 53 - 1]),
    states[name]!(target),
  ]);
  const valid = frameOf(boardFrame.awareness, awarenessOf(entries));
  const frame = random.chance(0.3) && valid.length < 4_000 ? mutated(valid, random) : valid;
  return { name: `awareness ${name}`, frame, forbidden: frame[0] === boardFrame.awareness };
}

function step1Attack(target: Target): Attack {
  const { random, doc, others } = target;
  const vector = random.pick([
    () => Y.encodeStateVector(doc),
    () => random.bytes(random.int(60)),
    () => frameOf(2 ** (10 + random.int(40))),
    () => frameOf(1, random.pick(others), random.pick([0, 1, 2 ** 40, 2 ** 53 - 1])),
    () => frameOf(2, others[0]!, 1, others[0]!, 2),
  ])();
  const valid = frameOf(boardFrame.sync, syncStep.step1, vector);
  const frame = random.chance(0.6) ? mutated(valid, random) : valid;
  return { name: 'step1', frame, forbidden: frame[1] === syncStep.step1 };
}

const plain =
  (type: (random: Random) => number) =>
  ({ random }: Target): Attack => {
    const opcode = type(random);
    const frame = random.chance(0.3)
      ? frameOf(opcode, random.bytes(random.int(80)))
      : Uint8Array.from([...frameOf(opcode), ...random.bytes(random.int(20))]);
    return { name: `opcode ${opcode}`, frame, forbidden: true };
  };

/** A sync message of a step that there is not, around an update that would be good. */
function stepUnknown(target: Target): Attack {
  const step = target.random.pick([3, 4, 127, 2 ** 31, 2 ** 53 - 1]);
  const frame = frameOf(boardFrame.sync, step, validUpdates['insert']!(target));
  return { name: `sync step ${step}`, frame, forbidden: true };
}

const attackBy: Record<Opcode, (target: Target) => Attack> = {
  step1: step1Attack,
  step2: (target) => contentAttack(target, syncStep.step2),
  update: (target) => contentAttack(target, syncStep.update),
  awareness: awarenessAttack,
  auth: plain(() => boardFrame.auth),
  queryAwareness: plain(() => boardFrame.queryAwareness),
  saved: plain(() => boardFrame.saved),
  reset: plain(() => boardFrame.reset),
  unknown: (target) =>
    target.random.chance(0.2)
      ? stepUnknown(target)
      : plain((random) => random.pick([4, 5, 99, 102, 127, 128, 255, 2 ** 31, 2 ** 53 - 1]))(
          target,
        ),
};

export const attackOf = (opcode: Opcode, target: Target): Attack => attackBy[opcode](target);

/** Frames that once did harm. */
export const regressions: readonly { name: string; person: string; make: Make }[] = [
  {
    // SEED=63973113, awareness, frame 21: JSON that parses, and is too deep to be written again, threw past everything
    // SEED=351930614, update: nobody could add a card to the lane any more
    name: 'an order that no neighbour can be reckoned from',
    person: 'alice',
    make: (target) =>
      frameOf(boardFrame.sync, syncStep.update, forbiddenUpdates['noOrder']!(target)),
  },
  {
    name: 'a cursor nested deeper than the stack',
    person: 'alice',
    make: (target) =>
      frameOf(
        boardFrame.awareness,
        awarenessOf([[target.doc.clientID, 1, states['deepCursor']!(target)]]),
      ),
  },
];
