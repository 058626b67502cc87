import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { mergeCard, mergeOf, splitCard } from '../../shared/board/merging.ts';
import { groupLane } from '../../shared/board/group-lanes.ts';
import {
  addCard,
  addLane,
  boardLimits,
  cardBody,
  cardPictures,
  cardsOf,
  cardText,
  lanesOf,
  moveCard,
  putPicture,
  removeCard,
  takePicture,
} from '../../shared/board/schema.ts';
import { boardFrame, MAX_UPDATE_BYTES, syncStep } from '../../shared/wire/board-frames.ts';
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

let place: Place;
let stage: Stage;
beforeEach(async () => {
  place = await placeOnDisk();
  stage = await openStage(place.database);
  await furnish(stage.boards, 'alice', 'bob');
});
afterEach(async () => {
  await stage.close();
  await place.remove();
});

const stored = async () =>
  (await place.database.sql.selectFrom('board_update').select('seq').execute()).length;
const texts = () =>
  stage.boards.read(board, (doc) => [cardText(doc, 'c-alice'), cardText(doc, 'c-bob')]);

/** Sends what it takes to be refused, and checks that nobody but the log hears of it. */
async function expectRefused(
  person: string,
  reason: string,
  act: (client: RawClient) => void,
): Promise<void> {
  const witness = await stage.raw('bob').join();
  const client = await stage.raw(person).join();
  const before = await stored();
  const heardBefore = witness.all('update').length;
  act(client);
  await until(() => client.resets.length > 0);
  expect(client.resets).toEqual([reason]);
  expect(client.saved).toBe(1);
  expect(await stored()).toBe(before);
  // whatever was relayed would have come before this
  await stage.boards.edit(board, people['mona']!, (doc) =>
    lanesOf(doc).get('l1')!.set('site', 's'),
  );
  await until(() => witness.all('update').length > heardBefore);
  expect(witness.all('update').length).toBe(heardBefore + 1);
  expect(stage.logged).toMatchObject([{ level: 'warn', details: { person, reason } }]);
}

const accepted = async (person: string, change: (doc: Y.Doc) => void): Promise<void> => {
  const client = await stage.raw(person).join();
  client.edit(change);
  await until(() => client.saved === 2 || client.resets.length > 0);
  expect(client.resets).toEqual([]);
};

describe('who may not write changes nothing by any message', () => {
  const observers: [string, (client: RawClient) => void][] = [
    ['an update', (c) => c.edit((doc) => cardBody(doc, 'c-alice')!.insert(0, 'x'))],
    [
      'a step 2',
      (c) =>
        c.sendUpdate(
          updateOf(c.doc, (d) => removeCard(d, 'c-bob')),
          syncStep.step2,
        ),
    ],
    ['an auth message', (c) => c.send(boardFrame.auth, 0)],
    ['a saved', (c) => c.send(boardFrame.saved, 1)],
    ['a reset', (c) => c.send(boardFrame.reset, 1, 0)],
    ['an opcode that nobody knows', (c) => c.send(99, 1, 0)],
  ];
  test.each(observers)('[BRD2] an observer, by %s', async (name, act) => {
    const isWrite = name === 'an update' || name === 'a step 2';
    await expectRefused('olga', isWrite ? 'forbidden' : 'invalid', act);
  });

  test('[BRD2] an observer reads, and may say that there is nothing to add', async () => {
    const olga = await stage.raw('olga').join();
    expect(cardText(olga.doc, 'c-alice')).toBe('alice的意见');
    // all that the server has, as a stock client does when it returns
    olga.sendUpdate(Y.encodeStateAsUpdate(olga.doc), syncStep.step2);
    await until(() => olga.saved === 2);
    expect(olga.resets).toEqual([]);
    const alice = await stage.raw('alice').join();
    alice.edit((doc) => cardBody(doc, 'c-alice')!.insert(0, '新'));
    await until(() => cardText(olga.doc, 'c-alice') === '新alice的意见');
  });

  test('[BRD3] a role that is taken away is gone with the next message', async () => {
    const alice = await stage.raw('alice').join();
    stage.roster['alice'] = { ...people['alice']!, role: 'observer' };
    alice.edit((doc) => cardBody(doc, 'c-alice')!.insert(0, 'x'));
    await until(() => alice.resets.length > 0);
    expect(alice.resets).toEqual(['forbidden']);
    expect((await texts())[0]).toBe('alice的意见');
  });

  test('[BRD2] nobody writes on an archived consultation’s board', async () => {
    stage.phase = 'archived';
    await expectRefused('alice', 'not_open', (client) =>
      client.edit((doc) => cardBody(doc, 'c-alice')!.insert(0, 'x')),
    );
  });
});

describe('[BRD5] what is no update of ours is refused', () => {
  const update = (...bytes: number[]) => Uint8Array.from(bytes);
  const foreign = (change: (doc: Y.Doc) => void) => updateOf(new Y.Doc(), change);
  const malformed: [string, (client: RawClient) => void][] = [
    ['an empty frame', (c) => c.ws.send(new Uint8Array())],
    ['text', (c) => c.ws.send('hello')],
    ['an unknown sync step', (c) => c.send(boardFrame.sync, 3, 0)],
    ['a length beyond the frame', (c) => c.send(boardFrame.sync, syncStep.update, 9, 0, 0)],
    ['something after the message', (c) => c.send(boardFrame.sync, syncStep.update, 2, 0, 0, 1)],
    ['a type longer than it needs to be', (c) => c.send(0x80, 0, syncStep.update, 2, 0, 0)],
    ['a length longer than it needs to be', (c) => c.send(0, syncStep.update, 0x82, 0, 0, 0)],
    ['bytes at random', (c) => c.sendUpdate(update(7, 200, 3, 1, 250, 9))],
    ['counts beyond the bytes', (c) => c.sendUpdate(update(255, 255, 255, 255, 15))],
    ['a root of another name', (c) => c.sendUpdate(foreign((d) => d.getMap('x').set('a', 1)))],
    ['bytes as a value', (c) => c.edit((d) => setAny(d, 'lane', new Uint8Array(3)))],
    ['an object as a value', (c) => c.edit((d) => setAny(d, 'lane', { a: 1 }))],
    ['a document in the document', (c) => c.edit((d) => setAny(d, 'x', new Y.Doc()))],
    ['a list', (c) => c.edit((d) => setAny(d, 'x', new Y.Array()))],
    ['XML', (c) => c.edit((d) => setAny(d, 'body', new Y.XmlText()))],
    ['formatting', (c) => c.edit((d) => cardBody(d, 'c-alice')!.format(0, 1, { bold: true }))],
    ['an embed', (c) => c.edit((d) => cardBody(d, 'c-alice')!.insertEmbed(0, { image: 'x' }))],
    ['an awareness message that is none', (c) => c.send(boardFrame.awareness, 2, 9, 9)],
    ['a state vector that is none', (c) => c.send(boardFrame.sync, syncStep.step1, 2, 9, 200)],
  ];
  test.each(malformed)('%s', async (_name, act) => {
    await expectRefused('alice', 'invalid', act);
  });

  const setAny = (doc: Y.Doc, key: string, value: unknown) =>
    cardsOf(doc)
      .get('c-alice')!
      .set(key, value as string);

  test('more than 256 KiB', async () => {
    await expectRefused('alice', 'too_large', (client) =>
      client.edit((doc) => cardBody(doc, 'c-alice')!.insert(0, 'x'.repeat(MAX_UPDATE_BYTES))),
    );
  });

  test('a message larger than is read at all ends the connection', async () => {
    const alice = await stage.raw('alice').join();
    alice.ws.send(new Uint8Array(5 * MAX_UPDATE_BYTES));
    await until(() => alice.closed !== undefined);
    expect(alice.closed?.code).toBe(1009);
  });
});

describe('[BRD5] what builds on nothing, or on another’s name, is refused', () => {
  test('a clock that leaves something out', async () => {
    await expectRefused('alice', 'gap', (client) => {
      updateOf(client.doc, (doc) => cardBody(doc, 'c-alice')!.insert(0, '一'));
      client.edit((doc) => cardBody(doc, 'c-alice')!.insert(0, '二'));
    });
  });

  test('a deletion of what the server never had', async () => {
    await expectRefused('alice', 'gap', (client) => {
      updateOf(client.doc, (doc) => cardBody(doc, 'c-alice')!.insert(0, '一'));
      client.edit((doc) => cardBody(doc, 'c-alice')!.delete(0, 1));
    });
  });

  test('text beside text that the server never had', async () => {
    await expectRefused('alice', 'gap', (client) => {
      const doc = new Y.Doc();
      Y.applyUpdate(doc, Y.encodeStateAsUpdate(client.doc));
      updateOf(client.doc, (own) => cardBody(own, 'c-alice')!.insert(0, '一'));
      Y.applyUpdate(doc, Y.encodeStateAsUpdate(client.doc));
      client.sendUpdate(updateOf(doc, (other) => cardBody(other, 'c-alice')!.insert(1, '二')));
    });
  });

  test('[BRD12] an update under a client id that another person wrote under', async () => {
    const bob = await stage.raw('bob').join();
    bob.edit((doc) => cardBody(doc, 'c-bob')!.insert(0, '乙'));
    await until(() => bob.saved === 2);
    await expectRefused('alice', 'foreign_client', (client) => {
      client.doc.clientID = bob.doc.clientID;
      client.edit((doc) => cardBody(doc, 'c-alice')!.insert(0, '冒名'));
    });
  });

  test('[BRD12] the lease outlives a restart', async () => {
    const bob = await stage.raw('bob').join();
    bob.edit((doc) => cardBody(doc, 'c-bob')!.insert(0, '乙'));
    await until(() => bob.saved === 2);
    await stage.close();
    stage = await openStage(await place.reopen());
    await expectRefused('alice', 'foreign_client', (client) => {
      client.doc.clientID = bob.doc.clientID;
      client.edit((doc) => cardBody(doc, 'c-alice')!.insert(0, '冒名'));
    });
  });
});

describe('who may do what with a card', () => {
  const card = { id: 'new', lane: 'l1', createdAt: 1 };

  test('[BRD13] everyone who drafts makes cards, edits any text and moves any card', async () => {
    await accepted('alice', (doc) => addCard(doc, { ...card, author: 'alice', text: '新' }));
    await accepted('bob', (doc) => cardBody(doc, 'new')!.insert(1, '的'));
    await accepted('clara', (doc) => moveCard(doc, 'new', 'l1'));
    expect(await stage.boards.read(board, (doc) => cardText(doc, 'new'))).toBe('新的');
  });

  test('[BRD13] a card is its maker’s; only the desk writes in another’s name', async () => {
    await accepted('clara', (doc) => addCard(doc, { ...card, author: 'clara', onBehalfOf: 'bob' }));
    await expectRefused('alice', 'forbidden', (client) =>
      client.edit((doc) => addCard(doc, { ...card, id: 'other', author: 'bob' })),
    );
  });

  test('[BRD13] a member does not write in another’s name', async () => {
    await expectRefused('alice', 'forbidden', (client) =>
      client.edit((doc) => addCard(doc, { ...card, author: 'alice', onBehalfOf: 'bob' })),
    );
  });

  test('[BRD13] its author or a moderator deletes a card', async () => {
    await accepted('alice', (doc) => removeCard(doc, 'c-alice'));
    await accepted('mona', (doc) => removeCard(doc, 'c-bob'));
    expect(await stage.boards.read(board, (doc) => cardsOf(doc).size)).toBe(0);
  });

  test('[BRD13] nobody else deletes it, nor puts another in its place', async () => {
    await expectRefused('alice', 'forbidden', (client) =>
      client.edit((doc) => removeCard(doc, 'c-bob')),
    );
  });

  test('[BRD13] nobody puts another card in its place', async () => {
    await expectRefused('alice', 'forbidden', (client) =>
      client.edit((doc) => addCard(doc, { ...card, id: 'c-bob', author: 'alice' })),
    );
  });

  test.each(['author', 'kind', 'createdAt', 'onBehalfOf', 'colour'])(
    '[BRD13] nobody changes a card’s %s',
    async (key) => {
      await expectRefused('mona', 'schema', (client) =>
        client.edit((doc) => cardsOf(doc).get('c-alice')!.set(key, 'mona')),
      );
    },
  );

  test('[BRD13] nobody takes a card’s text away or puts another in its place', async () => {
    await expectRefused('alice', 'schema', (client) =>
      client.edit((doc) => cardsOf(doc).get('c-alice')!.set('body', new Y.Text('别的'))),
    );
  });

  test('[BRD4] nobody edits or deletes a tabled card; it may still be moved', async () => {
    stage.tabled.add('c-alice');
    await accepted('alice', (doc) => moveCard(doc, 'c-alice', 'l1'));
    await expectRefused('alice', 'tabled', (client) =>
      client.edit((doc) => cardBody(doc, 'c-alice')!.insert(0, '改')),
    );
  });

  test('[BRD4] not even a moderator deletes a tabled card', async () => {
    stage.tabled.add('c-alice');
    await expectRefused('mona', 'tabled', (client) =>
      client.edit((doc) => removeCard(doc, 'c-alice')),
    );
  });

  test('[PIC10] nobody puts pictures on a card but the server, nor takes them off', async () => {
    const picture = { id: 'a'.repeat(64), width: 4, height: 3 };
    await expectRefused('alice', 'schema', (client) =>
      client.edit((doc) => putPicture(doc, 'c-alice', picture, 1)),
    );
  });

  test('[PIC10] not even with a card of one’s own, new or known', async () => {
    const picture = { id: 'a'.repeat(64), width: 4, height: 3 };
    await expectRefused('alice', 'schema', (client) =>
      client.edit((doc) => {
        addCard(doc, { id: 'new', lane: 'l1', author: 'alice', createdAt: 1 });
        putPicture(doc, 'new', picture, 1);
      }),
    );
  });

  test.each([
    ['one of them', (doc: Y.Doc) => takePicture(doc, 'c-alice', 'a'.repeat(64))],
    ['all of them', (doc: Y.Doc) => cardsOf(doc).get('c-alice')!.delete('files')],
    [
      'and puts another there',
      (doc: Y.Doc) => putPicture(doc, 'c-alice', { id: 'b'.repeat(64), width: 1, height: 1 }, 2),
    ],
  ])('[PIC10] nobody takes %s off a card', async (_what, change) => {
    const picture = { id: 'a'.repeat(64), width: 4, height: 3 };
    await stage.boards.edit(board, people['alice']!, (doc) =>
      putPicture(doc, 'c-alice', picture, 1),
    );
    await expectRefused('mona', 'schema', (client) => client.edit(change));
    const left = await stage.boards.read(board, (doc) => cardPictures(doc, 'c-alice'));
    expect(left).toEqual([picture]);
  });

  test('a card with pictures is moved, edited and removed like any other', async () => {
    await stage.boards.edit(board, people['alice']!, (doc) =>
      putPicture(doc, 'c-alice', { id: 'a'.repeat(64), width: 4, height: 3 }, 1),
    );
    // who comes back brings all that they know, the server's own edits among it
    const client = await stage.raw('bob').join();
    client.sendUpdate(Y.encodeStateAsUpdate(client.doc));
    await until(() => client.saved === 2);
    expect(client.resets).toEqual([]);
    await accepted('alice', (doc) => cardBody(doc, 'c-alice')!.insert(0, '看图：'));
    await accepted('alice', (doc) => moveCard(doc, 'c-alice', 'l1', undefined, undefined));
    await accepted('alice', (doc) => removeCard(doc, 'c-alice'));
  });

  test('[BRD13] lanes are the desk’s', async () => {
    await accepted('mona', (doc) => addLane(doc, { id: 'l2', title: '二', kind: 'common' }));
    await expectRefused('alice', 'forbidden', (client) =>
      client.edit((doc) => addLane(doc, { id: 'l3', title: '三', kind: 'common' })),
    );
  });

  const forgeries: [string, string, (doc: Y.Doc) => void][] = [
    [
      'making a lane of a group’s name',
      'forbidden',
      (doc) => addLane(doc, { id: 'group-c1.1', title: '第一组', kind: 'common' }),
    ],
    [
      'making a lane of their kind',
      'schema',
      (doc) => addLane(doc, { id: 'l2', title: '第一组', kind: 'group' }),
    ],
    [
      'making a lane that names a group',
      'schema',
      (doc) => addLane(doc, { id: 'l2', title: '第一组', kind: 'common', group: 'g1' }),
    ],
    ['naming a group on a lane', 'schema', (doc) => lanesOf(doc).get('l1')!.set('group', 'g1')],
    ['renaming a group’s lane', 'forbidden', (doc) => lanesOf(doc).get(own)!.set('title', '我的')],
    ['removing a group’s lane', 'forbidden', (doc) => lanesOf(doc).delete(own)],
    [
      'putting another in the place of a group’s lane',
      'forbidden',
      (doc) => addLane(doc, { id: own, title: '第一组', kind: 'common' }),
    ],
    [
      'giving a card an origin',
      'schema',
      (doc) => cardsOf(doc).get('c-alice')!.set('origin', 'g1'),
    ],
    [
      'making a card that has one',
      'schema',
      (doc) => {
        addCard(doc, { id: 'x', lane: 'l1', author: 'mona', text: '新', createdAt: 1 });
        cardsOf(doc).get('x')!.set('origin', 'g1');
      },
    ],
    ['taking a card’s origin', 'schema', (doc) => cardsOf(doc).get('c-bob')!.delete('origin')],
    ['changing a card’s origin', 'schema', (doc) => cardsOf(doc).get('c-bob')!.set('origin', 'g2')],
  ];
  const own = groupLane('g1');
  test.each(forgeries)('[GRP5] not even a moderator goes by %s', async (_name, reason, change) => {
    await stage.boards.edit(board, people['mona']!, (doc) => {
      addLane(doc, { id: own, title: '第一组', kind: 'group', group: 'g1' });
      cardsOf(doc).get('c-bob')!.set('origin', 'g1');
    });
    await expectRefused('mona', reason, (client) => client.edit(change));
  });

  test('[GRP4] whoever drafts writes into a group’s lane, and moves cards out of it', async () => {
    await stage.boards.edit(board, people['mona']!, (doc) =>
      addLane(doc, { id: own, title: '第一组', kind: 'group', group: 'g1' }),
    );
    await accepted('alice', (doc) => {
      addCard(doc, { id: 'x', lane: own, author: 'alice', text: '新', createdAt: 1 });
      moveCard(doc, 'c-bob', own);
    });
    await accepted('bob', (doc) => moveCard(doc, 'x', 'l1'));
  });

  test('[BRD13] renaming a lane too', async () => {
    await expectRefused('alice', 'forbidden', (client) =>
      client.edit((doc) => lanesOf(doc).get('l1')!.set('title', '我的')),
    );
  });
});

describe('[BRD14] the board stays a board', () => {
  const misfits: [string, string, (doc: Y.Doc) => void][] = [
    [
      'a card that is too long',
      'alice',
      (d) => cardBody(d, 'c-alice')!.insert(0, 'x'.repeat(boardLimits.cardChars)),
    ],
    [
      'a character that an edit has parted',
      'alice',
      (d) => {
        cardBody(d, 'c-alice')!.insert(0, '🙂');
        cardBody(d, 'c-alice')!.insert(1, '中');
      },
    ],
    [
      'a mark for what could not be read',
      'alice',
      (d) => cardBody(d, 'c-alice')!.insert(0, '\ufffd'),
    ],
    ['a card without its parts', 'alice', (d) => cardsOf(d).set('bare', new Y.Map())],
    ['a card that is a text', 'alice', (d) => cardsOf(d).set('text', new Y.Text('x') as never)],
    ['a lane of a wrong type', 'alice', (d) => cardsOf(d).get('c-alice')!.set('lane', 7)],
    ['a place that went', 'alice', (d) => cardsOf(d).get('c-alice')!.delete('order')],
    [
      'a lane whose title is too long',
      'mona',
      (d) => lanesOf(d).get('l1')!.set('title', 'x'.repeat(61)),
    ],
    ['a lane with more than lanes have', 'mona', (d) => lanesOf(d).get('l1')!.set('owner', 'mona')],
    ['a text that has properties', 'alice', (d) => cardBody(d, 'c-alice')!.setAttribute('a', 'b')],
    [
      'too many lanes',
      'mona',
      (d) => {
        for (let n = 0; n < boardLimits.lanes; n += 1)
          addLane(d, { id: `x${n}`, title: 'x', kind: 'site' });
      },
    ],
  ];
  test.each(misfits)('%s', async (_name, person, change) => {
    await expectRefused(person, 'schema', (client) => client.edit(change));
  });

  test('a value among the cards', async () => {
    await expectRefused('alice', 'schema', (client) =>
      client.edit((doc) => cardsOf(doc).set('v', 7 as never)),
    );
  });
});

test('[BRD5] after a refusal the connection still reads, and writes nothing until it comes back afresh', async () => {
  const alice = await stage.raw('alice').join();
  alice.edit((doc) => removeCard(doc, 'c-bob'));
  await until(() => alice.resets.length === 1);
  const fresh = new Y.Doc();
  Y.applyUpdate(fresh, Y.encodeStateAsUpdate((await stage.raw('bob').join()).doc));
  alice.sendUpdate(updateOf(fresh, (doc) => cardBody(doc, 'c-alice')!.insert(0, '后')));
  const again = await stage.raw('alice').join();
  again.edit((doc) => cardBody(doc, 'c-alice')!.insert(0, '新'));
  await until(() => again.saved === 2);
  expect(await texts()).toEqual(['新alice的意见', 'bob的意见']);
  await until(() => alice.all('update').length === 1);
  expect(alice.resets).toHaveLength(1);
});

test('[BRD5] others’ edits in the same turn as a refused one are kept', async () => {
  const [alice, bob, mona] = await Promise.all(
    ['alice', 'bob', 'mona'].map((person) => stage.raw(person).join()),
  );
  const elsewhere = new Y.Doc();
  Y.applyUpdate(elsewhere, Y.encodeStateAsUpdate(alice!.doc));
  alice!.edit((doc) => cardBody(doc, 'c-alice')!.insert(0, '一'));
  alice!.edit((doc) => removeCard(doc, 'c-bob'));
  // after the refused one nothing of hers counts, even what would do by itself
  alice!.sendUpdate(updateOf(elsewhere, (doc) => cardBody(doc, 'c-alice')!.insert(0, '四')));
  bob!.edit((doc) => cardBody(doc, 'c-bob')!.insert(0, '二'));
  mona!.edit((doc) => cardBody(doc, 'c-alice')!.insert(0, '三'));
  await until(() => bob!.saved === 2 && mona!.saved === 2 && alice!.resets.length === 1);
  expect(alice!.saved).toBe(2);
  const [first, second] = await texts();
  expect([...first!].sort()).toEqual([...'一三alice的意见'].sort());
  expect(second).toBe('二bob的意见');
});

test('[BRD15] who is refused again and again is shown out, and so is who writes too fast', async () => {
  await stage.close();
  const limits = { refusals: { burst: 2, perSecond: 0 }, content: { burst: 50, perSecond: 0 } };
  stage = await openStage(place.database, { limits });
  const codes: (number | undefined)[] = [];
  for (let n = 0; n < 3; n += 1) {
    const alice = await stage.raw('alice').join();
    alice.send(99);
    await until(() => alice.resets.length > 0 || alice.closed !== undefined);
    codes.push(alice.closed?.code);
  }
  expect(codes).toEqual([undefined, undefined, 1008]);
  const bob = await stage.raw('bob').join();
  for (let n = 0; n < 60; n += 1) bob.edit((doc) => cardBody(doc, 'c-bob')!.insert(0, 'x'));
  await until(() => bob.closed !== undefined);
  expect(bob.closed?.code).toBe(1013);
  expect((await texts())[1]!.startsWith('x'.repeat(40))).toBe(true);
});

describe('[BRD20] merging drafts', () => {
  const into = (card: string, target: string) => (doc: Y.Doc) => mergeCard(doc, card, target);
  const carried = () =>
    stage.boards.read(board, (doc) =>
      mergeOf(doc, 'c-alice', () => false).merged.map(({ card }) => card),
    );

  test('is for everyone who drafts, another’s card too, and so is taking it out', async () => {
    await accepted('alice', into('c-bob', 'c-alice'));
    expect(await carried()).toEqual(['c-bob']);
    await accepted('bob', (doc) => splitCard(doc, 'c-bob'));
    expect(await carried()).toEqual([]);
    // into what is not there, or round in a circle: read as it can be
    await accepted('bob', into('c-bob', 'nothing'));
    await accepted('bob', into('c-alice', 'c-bob'));
    expect(await carried()).toEqual([]);
  });

  test('an observer merges nothing', () =>
    expectRefused('olga', 'forbidden', (client) => client.edit(into('c-bob', 'c-alice'))));

  test('a citizen does not come near it', async () => {
    const gwen = stage.raw('gwen');
    await gwen.open();
    gwen.sendUpdate(updateOf(new Y.Doc(), into('c-bob', 'c-alice')));
    await until(() => gwen.resets.length > 0 || gwen.closed !== undefined);
    expect(await carried()).toEqual([]);
  });

  test('what is tabled goes into nothing, and is not taken out', async () => {
    stage.tabled.add('c-bob');
    await expectRefused('mona', 'tabled', (client) => client.edit(into('c-bob', 'c-alice')));
  });

  const forged: [string, (doc: Y.Doc) => unknown][] = [
    ['itself', into('c-bob', 'c-bob')],
    ['no name', into('c-bob', '')],
    ['a long name', into('c-bob', 'x'.repeat(101))],
    ['a number', (doc) => cardsOf(doc).get('c-bob')!.set('into', 7)],
    ['a text', (doc) => cardsOf(doc).get('c-bob')!.set('into', new Y.Text('c-alice'))],
  ];
  test.each(forged)('into %s is no board any more', (_name, change) =>
    expectRefused('bob', 'schema', (client) => client.edit((doc) => void change(doc))),
  );
});
