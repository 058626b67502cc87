import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { LocalHub, openLocalBus } from '../../server/cluster/local-bus.ts';
import {
  addCard,
  cardBody,
  cardPictures,
  cardsOf,
  cardText,
  lanesOf,
  moveCard,
  putPicture,
  readCard,
  removeCard,
} from '../../shared/board/schema.ts';
import {
  board,
  furnish,
  openStage,
  people,
  placeOnDisk,
  until,
  updateOf,
  type Place,
  type RawClient,
  type Stage,
} from './board-stage.ts';

const mona = people['mona']!;

let place: Place;
let stage: Stage;
let opened: Stage[];
beforeEach(async () => {
  place = await placeOnDisk();
  opened = [];
  stage = await open();
  await furnish(stage.boards, 'alice');
});
afterEach(async () => {
  for (const one of opened) await one.close();
  await place.remove();
});

async function open(
  ...[parts]: Parameters<typeof openStage> extends [unknown, ...infer P] ? P : never
) {
  const one = await openStage(place.database, parts);
  opened.push(one);
  return one;
}

const put = (at: number, text: string) => (doc: Y.Doc) =>
  cardBody(doc, 'c-alice')!.insert(at, text);
const cut = (at: number, length: number) => (doc: Y.Doc) =>
  cardBody(doc, 'c-alice')!.delete(at, length);

/** Writes as this person, and waits until it is on disk. */
async function write(client: RawClient, change: (doc: Y.Doc) => void): Promise<void> {
  const { saved } = client;
  client.edit(change);
  await until(() => client.saved > saved);
}

/** `alice:甲 bob:乙`; who brought it back stands in brackets. */
async function said({ boards }: Stage = stage, card = 'c-alice'): Promise<string | undefined> {
  const authors = await boards.authors(board, card);
  return authors
    ?.map(({ person, by, text }) => `${person}${by === undefined ? '' : `(${by})`}:${text}`)
    .join(' ');
}

const text = () => stage.boards.read(board, (doc) => cardText(doc, 'c-alice'));
const headOf = async () => (await stage.boards.history(board, 0)).head;

describe('who wrote what', () => {
  test('[HIS1] is the person who wrote it, by the server’s clock', async () => {
    const bob = await stage.raw('bob').join();
    const before = Date.now();
    await write(bob, put(5, '【白】'));
    expect(await said()).toBe('system:alice bob:【白】 system:的意见');
    const { at } = (await stage.boards.authors(board, 'c-alice'))![1]!;
    expect(at >= before && at <= Date.now()).toBe(true);
    expect(await stage.boards.authors(board, 'no-card')).toBeUndefined();
  });

  test('[HIS1] goes on from what was learned, and knows what was written meanwhile', async () => {
    const bob = await stage.raw('bob').join();
    const carl = await stage.raw('clara').join();
    await write(bob, put(0, '一'));
    expect(await said()).toMatch(/^bob:一 system/);
    await until(() => cardText(carl.doc, 'c-alice').startsWith('一'));
    await write(carl, put(1, '二'));
    await write(bob, put(0, '零'));
    expect(await said()).toMatch(/^bob:零一 clara:二 system/);
  });

  test('[HIS1] is the same after a restart that loads a snapshot', async () => {
    const bob = await stage.raw('bob').join();
    await write(bob, put(5, '【白】'));
    await write(bob, cut(6, 1));
    const before = await said();
    await stage.close();
    opened = [];
    await place.reopen();
    stage = await open();
    expect(await said()).toBe(before);
    expect(before).toContain('bob:【】');
  });

  test('[HIS1] is the same on both of two nodes, whoever relayed it', async () => {
    const hub = new LocalHub();
    const buses = [openLocalBus(hub), openLocalBus(hub)];
    const [one, two] = [await open({ bus: buses[0]! }), await open({ bus: buses[1]! })];
    const alice = await one.raw('alice').join();
    const bob = await two.raw('bob').join();
    await write(alice, put(0, '甲'));
    await until(() => cardText(bob.doc, 'c-alice').startsWith('甲'));
    await write(bob, put(1, '乙'));
    await until(() => cardText(alice.doc, 'c-alice').startsWith('甲乙'));
    expect(await said(one)).toMatch(/^alice:甲 bob:乙 system/);
    expect(await said(two)).toBe(await said(one));
    for (const bus of buses) await bus.close();
  });

  test('[HIS1] is not forged: by another’s client id, another’s name on a card, or awareness', async () => {
    const alice = await stage.raw('alice').join();
    await write(alice, put(0, '甲'));
    const before = await said();
    const forger = await stage.raw('bob').join();
    // says to be at alice's client id
    forger.doc.clientID = alice.doc.clientID;
    forger.edit(put(1, '假'));
    await until(() => forger.resets.length > 0);
    const another = await stage.raw('bob').join();
    another.edit((doc) =>
      addCard(doc, { id: 'c-forged', lane: 'l1', author: 'alice', text: '假', createdAt: 1 }),
    );
    await until(() => another.resets.length > 0);
    expect([...forger.resets, ...another.resets]).toEqual(['foreign_client', 'forbidden']);
    const provider = await stage.joined('bob');
    provider.awareness.setLocalState({ user: { id: 'alice', name: '艾委员' }, card: 'c-alice' });
    cardBody(provider.doc, 'c-alice')!.insert(1, '乙');
    await until(() => cardText(alice.doc, 'c-alice').startsWith('甲乙'));
    expect(await said()).toBe(before!.replace('alice:甲', 'alice:甲 bob:乙'));
    expect(await said(stage, 'c-forged')).toBeUndefined();
  });

  test('[HIS1] is not forged by sending what another has written and not sent', async () => {
    const alice = await stage.raw('alice').join();
    await write(alice, put(0, '甲'));
    const before = await said();
    const bob = await stage.raw('bob').join();
    bob.sendUpdate(updateOf(alice.doc, put(1, '乙')));
    await until(() => bob.resets.length > 0);
    expect(await said()).toBe(before);
  });
});

describe('the board’s past', () => {
  test('[HIS2] replayed from its rows it is at each number what the board then was', async () => {
    const looks = new Map<number, unknown>();
    const look = async () => {
      const seen = await stage.boards.read(board, (doc) => [
        cardsOf(doc).toJSON(),
        lanesOf(doc).toJSON(),
      ]);
      looks.set(await headOf(), seen);
    };
    const bob = await stage.raw('bob').join();
    const changes: ((doc: Y.Doc) => void)[] = [
      put(0, '一'),
      (doc) => addCard(doc, { id: 'c-bob', lane: 'l1', author: 'bob', text: '白', createdAt: 2 }),
      cut(2, 3),
      (doc) => moveCard(doc, 'c-alice', 'l1', readCard(doc, 'c-bob')?.order),
      (doc) => removeCard(doc, 'c-bob'),
      put(0, '零'),
    ];
    await look();
    for (const change of changes) {
      await write(bob, change);
      await look();
    }
    expect(looks.size).toBe(changes.length + 1);
    const doc = new Y.Doc();
    const { rows } = await stage.boards.history(board, 0);
    for (const { seq, bytes } of rows) {
      Y.applyUpdate(doc, bytes!);
      if (looks.has(seq))
        expect([cardsOf(doc).toJSON(), lanesOf(doc).toJSON()]).toEqual(looks.get(seq));
    }
    expect(rows.map(({ seq, person }) => [seq, person])).toEqual([
      [1, 'system'],
      ...changes.map((_change, index) => [index + 2, 'bob']),
    ]);
  });

  test('[HIS2] goes on after the number that is known', async () => {
    const bob = await stage.raw('bob').join();
    await write(bob, put(0, '一'));
    expect(await stage.boards.history(board, 1)).toMatchObject({ rows: [{ seq: 2 }], head: 2 });
    expect(await stage.boards.history(board, 2)).toEqual({ rows: [], head: 2 });
    expect(await stage.boards.history('none', 0)).toEqual({ rows: [], head: 0 });
  });
});

describe('restoring', () => {
  const restore = (seq: number, card = 'c-alice') =>
    stage.boards.restore(board, mona, { card, seq });

  test('[HIS3] a deleted card comes back as its author’s, with everyone’s words theirs', async () => {
    const bob = await stage.raw('bob').join();
    await write(bob, put(5, '【白】'));
    const seq = await headOf();
    const before = await stage.boards.read(board, (doc) => readCard(doc, 'c-alice'));
    await stage.boards.edit(board, mona, (doc) => removeCard(doc, 'c-alice'));
    await until(() => cardBody(bob.doc, 'c-alice') === undefined);
    expect(await restore(seq)).toEqual({ changed: true });
    await until(() => cardText(bob.doc, 'c-alice') === 'alice【白】的意见');
    expect(await stage.boards.read(board, (doc) => readCard(doc, 'c-alice'))).toEqual(before);
    expect(await said()).toBe('system(mona):alice bob(mona):【白】 system(mona):的意见');
    const { rows } = await stage.boards.history(board, seq + 1);
    expect(rows.map(({ person }) => person)).toEqual(['mona']);
    // and it is a card like any other
    await write(bob, put(0, '续'));
    expect(await text()).toBe('续alice【白】的意见');
  });

  test('[HIS3] a card comes back with those of its pictures that are still there', async () => {
    stage = await open({ picturesKept: async (_board, card) => new Set([`${card}/kept`]) });
    await stage.boards.edit(board, mona, (doc) => {
      for (const id of ['c-alice/kept', 'c-alice/lost'])
        putPicture(doc, 'c-alice', { id, width: 4, height: 3 }, 1);
    });
    const seq = await headOf();
    await stage.boards.edit(board, mona, (doc) => removeCard(doc, 'c-alice'));
    await restore(seq);
    const pictures = await stage.boards.read(board, (doc) => cardPictures(doc, 'c-alice'));
    expect(pictures.map(({ id }) => id)).toEqual(['c-alice/kept']);
  });

  test('[HIS3] asked for twice it is done once', async () => {
    const seq = await headOf();
    await stage.boards.edit(board, mona, (doc) => removeCard(doc, 'c-alice'));
    const both = await Promise.all([restore(seq), restore(seq)]);
    expect(both).toEqual([{ changed: true }, { changed: false }]);
    expect(await headOf()).toBe(seq + 2);
  });

  test('[HIS3] an earlier text comes back by the least change; what stays is not touched', async () => {
    const bob = await stage.raw('bob').join();
    await write(bob, put(0, '开头，'));
    const seq = await headOf();
    const earlier = await text();
    await write(bob, cut(0, 2));
    await write(bob, (doc) => cardBody(doc, 'c-alice')!.insert(3, '新'));
    await write(bob, (doc) =>
      cardBody(doc, 'c-alice')!.insert(cardText(doc, 'c-alice').length, '尾'),
    );
    const caret = Y.createRelativePositionFromTypeIndex(cardBody(bob.doc, 'c-alice')!, 5);
    const { saved } = bob;
    expect(await restore(seq)).toEqual({ changed: true });
    await until(() => cardText(bob.doc, 'c-alice') === earlier);
    expect(saved).toBe(bob.saved);
    const stands = Y.createAbsolutePositionFromRelativePosition(caret, bob.doc)!;
    expect(earlier.slice(stands.index)).toBe('ce的意见');
    expect(await said()).toBe('bob(mona):开头 bob:， system:alice的意见');
  });

  test('[HIS3] what others write in it at the same time stays', async () => {
    const seq = await headOf();
    const bob = await stage.raw('bob').join();
    await write(bob, put(0, '前'));
    await write(bob, put(9, '后'));
    const away = updateOf(bob.doc, put(4, '【同时】'));
    await restore(seq);
    bob.sendUpdate(away);
    await until(() => cardText(bob.doc, 'c-alice') === 'ali【同时】ce的意见');
    expect(await text()).toBe('ali【同时】ce的意见');
  });

  test('[HIS3] a restoring can be taken back by restoring, and again', async () => {
    const seq = await headOf();
    const bob = await stage.raw('bob').join();
    await write(bob, put(0, '新的：'));
    const later = await headOf();
    await restore(seq);
    expect(await text()).toBe('alice的意见');
    await restore(later);
    expect(await said()).toBe('bob(mona):新的： system:alice的意见');
    await restore(seq);
    await restore(later);
    expect(await said()).toBe('bob(mona):新的： system:alice的意见');
  });

  test('[HIS3] a character of two halves comes back whole', async () => {
    const bob = await stage.raw('bob').join();
    await write(bob, put(0, '𠮷祥𠮷'));
    const seq = await headOf();
    await write(bob, cut(0, 2));
    await write(bob, cut(1, 2));
    await restore(seq);
    expect(await text()).toBe('𠮷祥𠮷alice的意见');
  });

  test('[HIS3] a tabled card, a number that is not there and a card that was not are refused', async () => {
    const seq = await headOf();
    const bob = await stage.raw('bob').join();
    await write(bob, put(0, '新'));
    expect(await restore(seq + 9)).toMatchObject({ refused: { code: 'not_found', field: 'seq' } });
    expect(await restore(seq, 'none')).toMatchObject({
      refused: { code: 'not_found', field: 'card' },
    });
    expect(await restore(0)).toMatchObject({ refused: { code: 'not_found' } });
    await stage.boards.withDraft(board, 'c-alice', async (_draft, within) => {
      await place.database.commit(within!);
    });
    expect(await restore(seq)).toMatchObject({ refused: { code: 'already_tabled' } });
    expect(await text()).toBe('新alice的意见');
  });

  test('[HIS3] nobody else waits for it: what is written meanwhile is saved', async () => {
    const bob = await stage.raw('bob').join();
    const seq = await headOf();
    await write(bob, put(0, '一'));
    const restored = restore(seq);
    await write(bob, put(9, '二'));
    await restored;
    expect(await text()).toMatch(/^alice的意见二?$/);
  });

  test('[HIS3] more at once than a node will do are told to come again', async () => {
    const seq = await headOf();
    const answers = await Promise.all(Array.from({ length: 12 }, () => restore(seq)));
    const busy = answers.filter((answer) => 'refused' in answer);
    expect(busy.length).toBeGreaterThan(0);
    expect(busy.every((answer) => 'refused' in answer && answer.refused.code === 'busy')).toBe(
      true,
    );
    expect(await restore(seq)).toEqual({ changed: false });
  });
});
