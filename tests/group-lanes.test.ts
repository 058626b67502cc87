// Record, board and what keeps the one in accord with the other, on one database; each set of them is a node.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keepGroupLanes, type GroupLanes } from '../server/group-lanes.ts';
import { createRecord, type ConsultationRecord } from '../server/log/record.ts';
import { createLogStore } from '../server/log/store.ts';
import { groupLane } from '../shared/board/group-lanes.ts';
import { addCard, cardBody, cardText, readCard, readLanes } from '../shared/board/schema.ts';
import {
  board,
  furnish,
  openStage,
  placeOnDisk,
  until,
  type Place,
  type Stage,
} from './board/board-stage.ts';
import { send, underWay } from './log/record-on-disk.ts';
import { mona } from './shared/consultation/meeting.ts';

interface Node {
  readonly stage: Stage;
  readonly record: ConsultationRecord;
  /** What is under way when it is called has been done afterwards. */
  readonly lanes: GroupLanes | undefined;
  /** Edits that are to fail before one goes through. */
  failures: number;
}

let place: Place;
let nodes: Node[];
beforeEach(async () => {
  place = await placeOnDisk();
  nodes = [];
});
afterEach(async () => {
  for (const { lanes, stage, record } of nodes) {
    await lanes?.close();
    await stage.close();
    await record.close();
  }
  await place.remove();
});

/** `dying`: it goes between the event and the edit, and never looks at a board. */
async function openNode({ dying = false } = {}): Promise<Node> {
  const record = createRecord({
    store: createLogStore(place.database),
    withDraft: (consultation, card, table) => stage.boards.withDraft(consultation, card, table),
    project: async () => undefined,
    receipt: () => 'R1',
  });
  let lanes: GroupLanes | undefined;
  const stage: Stage = await openStage(place.database, {
    onUnsettled: (id) => lanes?.look(id),
  });
  const log = { warn: () => undefined, error: () => undefined };
  if (!dying) {
    lanes = keepGroupLanes({
      record,
      log,
      retryMs: 1,
      async edit(...edit) {
        if (node.failures > 0) {
          node.failures -= 1;
          throw new Error('the disk is full');
        }
        await stage.boards.edit(...edit);
      },
    });
  }
  const node: Node = { stage, record, lanes, failures: 0 };
  nodes.push(node);
  return node;
}

const form = (node: Node) =>
  send(
    node.record,
    mona,
    'group.form',
    {
      groups: [
        { title: '第一组', members: ['alice'] },
        { title: '第二组', members: ['bob'] },
      ],
    },
    'form',
  );
const [first, second] = [groupLane('form.1'), groupLane('form.2')];
const laneIds = (node: Node) =>
  node.stage.boards.read(board, (doc) => readLanes(doc).map(({ id }) => id));
const cardOf = (node: Node, id: string) =>
  node.stage.boards.read(board, (doc) => ({ ...readCard(doc, id), text: cardText(doc, id) }));
const rows = async () =>
  (await place.database.sql.selectFrom('board_update').select('seq').execute()).length;

test('[GRP4] who is formed into a group has its lane, and brings its cards along when collected', async () => {
  const node = await openNode();
  await furnish(node.stage.boards, 'alice');
  await underWay(node.record);
  const alice = await node.stage.raw('alice').join();
  await form(node);
  await expect.poll(() => laneIds(node)).toEqual(['l1', first, second]);
  alice.edit((doc) =>
    addCard(doc, { id: 'x', lane: first, author: 'alice', text: '组内意见', createdAt: 1 }),
  );
  await until(() => alice.saved === 2);
  await send(node.record, mona, 'group.collect');
  await until(() => readCard(alice.doc, 'x')?.origin === 'form.1');
  expect(await laneIds(node)).toEqual(['l1']);
  expect(await cardOf(node, 'x')).toMatchObject({ lane: 'l1', text: '组内意见', author: 'alice' });
});

test('[GRP4] two nodes that hear of it together do it once', async () => {
  const [one, two] = [await openNode(), await openNode()];
  await furnish(one.stage.boards, 'alice');
  await underWay(one.record);
  await two.record.open(board);
  await two.stage.raw('bob').join();
  const before = await rows();
  await form(one);
  await two.record.refresh(board);
  await Promise.all(nodes.map(({ lanes }) => lanes!.close()));
  expect(await rows()).toBe(before + 1);
  for (const node of nodes) expect(await laneIds(node)).toEqual(['l1', first, second]);
});

test('[GRP4] what a node that died left undone is done by whoever opens the board next', async () => {
  const dying = await openNode({ dying: true });
  await furnish(dying.stage.boards, 'alice');
  await underWay(dying.record);
  await form(dying);
  expect(await laneIds(dying)).toEqual(['l1']);

  const heir = await openNode();
  const alice = await heir.stage.raw('alice').join();
  await until(() => readLanes(alice.doc).length === 3);
  alice.edit((doc) =>
    addCard(doc, { id: 'x', lane: first, author: 'alice', text: '组内意见', createdAt: 1 }),
  );
  await until(() => alice.saved === 2);
  await send(dying.record, mona, 'group.collect');
  expect(await cardOf(dying, 'x')).toMatchObject({ lane: first });

  const last = await openNode();
  const bob = await last.stage.raw('bob').join();
  await until(() => readCard(bob.doc, 'x')?.origin === 'form.1');
  expect(readLanes(bob.doc).map(({ id }) => id)).toEqual(['l1']);
});

test('[GRP4] what the disk would not take is tried again', async () => {
  const node = await openNode();
  await furnish(node.stage.boards, 'alice');
  await underWay(node.record);
  node.failures = 3;
  await form(node);
  await expect.poll(() => laneIds(node)).toEqual(['l1', first, second]);
  expect(node.failures).toBe(0);
});

test('[GRP6] what was written offline into a lane that has gone comes to the others by itself', async () => {
  const node = await openNode();
  await furnish(node.stage.boards, 'bob');
  await underWay(node.record);
  await form(node);
  await expect.poll(() => laneIds(node)).toContain(first);
  const alice = await node.stage.joined('alice');
  alice.disconnect();
  addCard(alice.doc, {
    id: 'late',
    lane: first,
    author: 'alice',
    text: '断网时写的',
    createdAt: 1,
  });
  await send(node.record, mona, 'group.collect');
  await expect.poll(() => laneIds(node)).toEqual(['l1']);
  alice.connect();
  await until(() => readCard(alice.doc, 'late')?.origin === 'form.1');
  expect(await cardOf(node, 'late')).toMatchObject({ lane: 'l1', text: '断网时写的' });
  // a keystroke sends nobody looking
  const before = await rows();
  cardBody(alice.doc, 'late')!.insert(0, '又');
  await expect.poll(() => cardOf(node, 'late')).toMatchObject({ text: '又断网时写的' });
  await node.lanes!.close();
  expect(await rows()).toBe(before + 1);
});
