import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { Authorship, spansOf, type AuthoredText } from '../../../shared/board/authorship.ts';
import { addCard, addLane, cardBody } from '../../../shared/board/schema.ts';

const minute = 60_000;

/** A board's rows as the server would store them, written by people who hear of each other when they are told to. */
class Table {
  readonly rows: { person: string; at: number; bytes: Uint8Array }[] = [];
  readonly server = new Y.Doc();
  now = 1_780_000_000_000;

  constructor() {
    this.write('alice', new Y.Doc(), (doc) => {
      addLane(doc, { id: 'l1', title: '普通', kind: 'common' });
      addCard(doc, { id: 'c1', lane: 'l1', author: 'alice', text: '甲乙丙丁', createdAt: 1 });
    });
  }

  device(): Y.Doc {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(this.server));
    return doc;
  }

  /** What the device has and the server has not comes in as one row. */
  bring(person: string, doc: Y.Doc): void {
    const updates: Uint8Array[] = [];
    const note = (update: Uint8Array) => void updates.push(update);
    this.server.on('update', note);
    Y.applyUpdate(this.server, Y.encodeStateAsUpdate(doc));
    this.server.off('update', note);
    for (const bytes of updates) this.rows.push({ person, at: this.now, bytes });
  }

  write(person: string, doc: Y.Doc, change: (doc: Y.Doc) => void): void {
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(this.server));
    doc.transact(() => change(doc));
    this.bring(person, doc);
  }

  authors(of: Y.Doc = this.server): AuthoredText[] {
    const authorship = new Authorship();
    for (const row of this.rows) authorship.learn(row);
    return authorship.authorsOf(spansOf(cardBody(of, 'c1')!));
  }

  /** `alice:甲 bob:乙` */
  get said(): string {
    return this.authors()
      .map(({ person, by, text }) => `${person}${by ? `(${by})` : ''}:${text}`)
      .join(' ');
  }
}

const insert = (at: number, text: string) => (doc: Y.Doc) => cardBody(doc, 'c1')!.insert(at, text);
const remove = (at: number, length: number) => (doc: Y.Doc) =>
  cardBody(doc, 'c1')!.delete(at, length);

test('[HIS1] each character is its writer’s, whoever writes in the middle of another’s words', () => {
  const table = new Table();
  table.write('bob', new Y.Doc(), insert(2, '子丑'));
  table.write('carl', new Y.Doc(), insert(3, '天'));
  expect(table.said).toBe('alice:甲乙 bob:子 carl:天 bob:丑 alice:丙丁');
});

test('[HIS1] those who write at one place at the same time have each their own', () => {
  const table = new Table();
  const [one, two] = [table.device(), table.device()];
  insert(2, '子丑')(one);
  insert(2, '天地')(two);
  table.bring('bob', one);
  table.bring('carl', two);
  expect(table.said.split(' ').sort()).toEqual([
    'alice:丙丁',
    'alice:甲乙',
    'bob:子丑',
    'carl:天地',
  ]);
});

test('[HIS1] two devices of one person are one author', () => {
  const table = new Table();
  const [one, two] = [table.device(), table.device()];
  table.write('bob', one, insert(4, '子'));
  table.write('bob', two, insert(5, '丑'));
  expect(table.said).toBe('alice:甲乙丙丁 bob:子丑');
});

test('[HIS1] offline edits have the time at which the server got them', () => {
  const table = new Table();
  const away = table.device();
  insert(4, '子')(away);
  table.now += 30 * minute;
  insert(5, '丑')(away);
  table.bring('bob', away);
  expect(table.authors()[1]).toEqual({ person: 'bob', at: table.now, text: '子丑' });
});

test('[HIS1] what is written on within a minute is one piece with its first time; later is another', () => {
  const table = new Table();
  const bob = new Y.Doc();
  const { now } = table;
  for (const [n, text] of [...'子丑寅'].entries()) {
    table.now = now + n * 1_000;
    table.write('bob', bob, insert(4 + n, text));
  }
  table.now = now + 2 * minute;
  table.write('bob', bob, insert(7, '卯'));
  expect(table.authors().slice(1)).toEqual([
    { person: 'bob', at: now, text: '子丑寅' },
    { person: 'bob', at: now + 2 * minute, text: '卯' },
  ]);
});

test('[HIS1] deletion leaves the others’ words theirs', () => {
  const table = new Table();
  table.write('bob', new Y.Doc(), insert(2, '子丑'));
  table.write('carl', new Y.Doc(), remove(1, 2));
  expect(table.said).toBe('alice:甲 bob:丑 alice:丙丁');
});

test('[HIS1] what an undo brings back stays its writer’s, through undo, redo and undo', () => {
  const table = new Table();
  table.write('bob', new Y.Doc(), insert(2, '子丑'));
  const carl = table.device();
  const undo = new Y.UndoManager(cardBody(carl, 'c1')!, { captureTimeout: 0 });
  const sync = (act: () => void) => {
    act();
    table.now += 5 * minute;
    table.bring('carl', carl);
  };
  const { at } = table.authors()[1]!;
  sync(() => remove(1, 4)(carl));
  expect(table.said).toBe('alice:甲丁');
  sync(() => undo.undo());
  expect(table.said).toBe('alice:甲 alice(carl):乙 bob(carl):子丑 alice(carl):丙 alice:丁');
  expect(table.authors()[2]!.at).toBe(at);
  sync(() => undo.redo());
  expect(table.said).toBe('alice:甲丁');
  sync(() => undo.undo());
  expect(table.said).toBe('alice:甲 alice(carl):乙 bob(carl):子丑 alice(carl):丙 alice:丁');
});

test('[HIS1] an undo of one’s own deletion of one’s own words leaves no trace', () => {
  const table = new Table();
  const bob = table.device();
  const undo = new Y.UndoManager(cardBody(bob, 'c1')!, { captureTimeout: 0 });
  insert(4, '子丑')(bob);
  table.bring('bob', bob);
  remove(4, 2)(bob);
  undo.undo();
  table.bring('bob', bob);
  expect(table.said).toBe('alice:甲乙丙丁 bob:子丑');
});

test('[HIS1] typing again what another wrote there, once it is deleted, makes it one’s own', () => {
  const table = new Table();
  const carl = table.device();
  table.write('carl', carl, remove(1, 2));
  table.write('carl', carl, insert(1, '乙丙'));
  expect(table.said).toBe('alice:甲 carl:乙丙 alice:丁');
});

test('[HIS1] a copy of what isn’t gone is one’s own, however it is put', () => {
  const table = new Table();
  const carl = table.device();
  // as an undo would put it, before words that nobody deleted
  const first = cardBody(carl, 'c1')!._start!;
  carl.transact((transaction) => {
    const id = Y.createID(carl.clientID, 0);
    const content = new Y.ContentString('甲乙');
    const parent = cardBody(carl, 'c1')!;
    new Y.Item(id, null, null, first, first.id, parent, null, content).integrate(transaction, 0);
  });
  table.bring('carl', carl);
  expect(table.said).toBe('carl:甲乙 alice:甲乙丙丁');
});

test('[HIS1] a document that was loaded from a snapshot, merged and cleaned, tells the same', () => {
  const table = new Table();
  const bob = new Y.Doc();
  table.write('bob', bob, insert(2, '子丑'));
  table.write('bob', bob, insert(4, '寅'));
  table.write('carl', new Y.Doc(), remove(3, 1));
  expect(table.authors(table.device())).toEqual(table.authors());
  expect(table.said).toBe('alice:甲乙 bob:子寅 alice:丙丁');
});
