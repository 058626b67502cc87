import { afterEach, beforeEach, expect, test } from 'vitest';
import { lookedHash, mergeCard, splitCard } from '../../shared/board/merging.ts';
import { cardBody, cardText, moveCard, textHash } from '../../shared/board/schema.ts';
import type { Draft } from '../../shared/consultation/decision.ts';
import type { Within } from '../../server/board/update-store.ts';
import {
  board,
  furnish,
  openStage,
  placeOnDisk,
  until,
  type Place,
  type Stage,
} from './board-stage.ts';

let place: Place;
let stage: Stage;
beforeEach(async () => {
  place = await placeOnDisk();
  stage = await openStage(place.database);
  await furnish(stage.boards, 'alice');
});
afterEach(async () => {
  await stage.close();
  await place.remove();
});

const rows = () =>
  place.database.sql
    .selectFrom('board_update')
    .select(['seq', 'kind', 'card'])
    .orderBy('seq')
    .execute();
/** As the record does: the marker in a transaction of its own making. */
const commitTabling = (within: Within | undefined) =>
  place.database.commit(async (trx) => within?.(trx));

test('[BRD9] what was sent before a tabling is in the opinion, what comes after is refused', async () => {
  const alice = await stage.raw('alice').join();
  let draft: Draft | undefined;
  alice.edit((doc) => cardBody(doc, 'c-alice')!.insert(0, '前'));
  await until(() => alice.saved === 2);
  await stage.boards.withDraft(board, 'c-alice', async (found, within) => {
    draft = found;
    alice.edit((doc) => cardBody(doc, 'c-alice')!.insert(0, '后'));
    return commitTabling(within);
  });
  const text = '前alice的意见';
  expect(draft).toEqual({
    card: 'c-alice',
    text,
    textHash: textHash(text),
    author: 'alice',
    lane: 'l1',
  });
  await until(() => alice.resets.length === 1);
  expect(alice.resets).toEqual(['tabled']);
  expect(await stage.boards.read(board, (doc) => cardText(doc, 'c-alice'))).toBe(text);
  expect(await rows()).toEqual([
    { seq: 1, kind: 'update', card: null },
    { seq: 2, kind: 'update', card: null },
    { seq: 3, kind: 'tabled', card: 'c-alice' },
  ]);
});

test('[BRD4] a tabled card stays tabled after a restart, and after snapshots', async () => {
  await stage.boards.withDraft(board, 'c-alice', (_draft, within) => commitTabling(within));
  await stage.close();
  stage = await openStage(await place.reopen());
  const alice = await stage.raw('alice').join();
  alice.edit((doc) => moveCard(doc, 'c-alice', 'l1'));
  await until(() => alice.saved === 2);
  alice.edit((doc) => cardBody(doc, 'c-alice')!.insert(0, '改'));
  await until(() => alice.resets.length === 1);
  expect(alice.resets).toEqual(['tabled']);
});

test('[BRD9] a tabling that is refused leaves the card as it was', async () => {
  const answer = await stage.boards.withDraft(board, 'c-alice', async () => 'refused');
  expect(answer).toBe('refused');
  await expect(
    stage.boards.withDraft(board, 'c-alice', () => Promise.reject(new Error('no disk'))),
  ).rejects.toThrow('no disk');
  await expect(
    stage.boards.withDraft(board, 'c-alice', (_draft, within) =>
      place.database.commit(async (trx) => {
        await within?.(trx);
        throw new Error('undone');
      }),
    ),
  ).rejects.toThrow('undone');
  const alice = await stage.raw('alice').join();
  alice.edit((doc) => cardBody(doc, 'c-alice')!.insert(0, '改'));
  await until(() => alice.saved === 2);
  expect((await rows()).map(({ kind }) => kind)).toEqual(['update', 'update']);
});

test('[OPN9] [BRD4] what is merged into a card is tabled with it, and from the same moment nobody changes it', async () => {
  await furnish(stage.boards, 'bob', 'mona');
  const bob = await stage.raw('bob').join();
  bob.edit((doc) => {
    mergeCard(doc, 'c-mona', 'c-bob');
    mergeCard(doc, 'c-bob', 'c-alice');
  });
  await until(() => bob.saved === 2);
  const merged = [
    { card: 'c-bob', text: 'bob的意见', author: 'bob' },
    { card: 'c-mona', text: 'mona的意见', author: 'mona' },
  ];
  const drafts: (Draft | undefined)[] = [];
  await stage.boards.withDraft(board, 'c-bob', async (draft) => void drafts.push(draft));
  await stage.boards.withDraft(board, 'c-alice', async (draft, within) => {
    drafts.push(draft);
    bob.edit((doc) => splitCard(doc, 'c-bob'));
    return commitTabling(within);
  });
  expect(drafts).toMatchObject([
    { card: 'c-bob', into: 'c-alice' },
    { card: 'c-alice', merged, textHash: lookedHash('alice的意见', merged) },
  ]);
  await until(() => bob.resets.length === 1);
  expect(bob.resets).toEqual(['tabled']);
  expect((await rows()).filter(({ kind }) => kind === 'tabled').map(({ card }) => card)).toEqual([
    'c-alice',
    'c-bob',
    'c-mona',
  ]);
});

test('[BRD9] there is no draft of a card that there is not', async () => {
  let given: unknown[] = [];
  await stage.boards.withDraft(board, 'nothing', async (...all) => {
    given = all;
  });
  expect(given).toEqual([undefined, undefined]);
});

test('[BRD9] a tabling that another node’s update overtook is a lost race, and wins when tried again', async () => {
  const other = await openStage(place.database);
  const tries: (string | undefined)[] = [];
  const drafts: (string | undefined)[] = [];
  for (let n = 0; n < 2; n += 1) {
    await stage.boards.withDraft(board, 'c-alice', async (draft, within) => {
      drafts.push(draft?.text);
      if (n === 0)
        await other.boards.edit(board, stage.roster['bob']!, (doc) =>
          cardBody(doc, 'c-alice')!.insert(0, '抢先'),
        );
      tries.push(await commitTabling(within));
    });
  }
  expect(tries).toEqual(['conflict', 'done']);
  expect(drafts).toEqual(['alice的意见', '抢先alice的意见']);
  // the other node, which was told nothing, finds out when it matters
  const bob = await other.raw('bob').join();
  bob.edit((doc) => cardBody(doc, 'c-alice')!.insert(0, '太晚'));
  await until(() => bob.resets.length === 1);
  expect(bob.resets).toEqual(['tabled']);
  await other.close();
});

test('an edit of the server’s own is stored in somebody’s name and told to everyone', async () => {
  const alice = await stage.raw('alice').join();
  const mona = stage.roster['mona']!;
  await stage.boards.edit(board, mona, (doc) => cardBody(doc, 'c-alice')!.insert(0, '代'));
  await until(() => cardText(alice.doc, 'c-alice') === '代alice的意见');
  await stage.boards.edit(board, mona, () => undefined);
  expect(await rows()).toHaveLength(2);
  const failing = stage.boards.edit(board, mona, (doc) => {
    cardBody(doc, 'c-alice')!.insert(0, '半途');
    throw new Error('thought better');
  });
  await expect(failing).rejects.toThrow('thought better');
  expect(await stage.boards.read(board, (doc) => cardText(doc, 'c-alice'))).toBe('代alice的意见');
});
