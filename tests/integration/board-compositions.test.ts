// Chinese input under fire: scripted compositions in one card, while another edits the same card anywhere. While
// composing nothing moves; afterwards both sides have the same, and what was composed is whole.
// IME_RUNS for how many, SEED to replay.
import type { Browser, Page } from '@playwright/test';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type * as Y from 'yjs';
import { enter, type Participant } from '../../scripts/demonstration/participant.ts';
import { addCard, cardBody, readLanes } from '../../shared/board/schema.ts';
import { randomOf, seedOfRun, type Random } from '../fuzz/random.ts';
import { startServer, type StartedServer } from '../helpers/server.ts';
import { device, inputMethod, launch, openCard, openRoom, textOf } from './browser-rooms.ts';

const RUNS = Number(process.env['IME_RUNS'] ?? 16);
const seed = seedOfRun();
const CARD = 'composed';

let server: StartedServer;
let browser: Browser;
let other: Participant;
let body: Y.Text;
let page: Page;
let ime: Awaited<ReturnType<typeof inputMethod>>;

beforeAll(async () => {
  console.log(`compositions: SEED=${seed} IME_RUNS=${RUNS}`);
  [server, browser] = await Promise.all([startServer(), launch()]);
  const { consultation, members } = server.links.demo;
  other = await enter(members[1]!, consultation);
  const { doc } = await other.board();
  const lane = readLanes(doc)[0]!.id;
  doc.transact(() =>
    addCard(doc, { id: CARD, lane, author: other.me.person, text: '一二三四五六', createdAt: 1 }),
  );
  body = cardBody(doc, CARD)!;
  page = await openRoom(await device(browser, server, members[0]!), server);
  ime = await inputMethod(page);
  await openCard(page, `card-${CARD}`);
});
afterAll(async () => {
  other.leave();
  await browser.close();
  await server.stop();
});

const digits = '零壹贰叁肆伍陆柒捌玖';

/** No one else writes any of these characters here. */
const composedPart = /[a-z商量建议现在牵头你好候补]+/;

/** The other's edit: anywhere, or anywhere but in, or right beside, what is composed just now. */
function editElsewhere(random: Random, around: RegExp | undefined): void {
  const text = body.toJSON();
  let at = random.int(text.length + 1);
  const open = around && around.exec(text);
  if (open && at >= open.index && at <= open.index + open[0].length) at = open.index - 1;
  if (at < 0) return;
  const end = open && at < open.index ? open.index : text.length;
  const count = Math.min(1 + random.int(4), end - at);
  if (random.chance(0.3) && count > 0 && text.length > 10) return body.delete(at, count);
  body.insert(at, `${random.pick([...digits])}${random.pick([...digits])}`);
}

/** Where something stands in what was there before; the same letters may have two such places. */
function placeOf(before: string, now: string, composed: string): number {
  for (let at = 0; at <= before.length; at += 1)
    if (before.slice(0, at) + composed + before.slice(at) === now) return at;
  throw new Error(`“${now}” is not “${before}” with “${composed}” in it`);
}

const same = () =>
  expect
    .poll(async () => {
      const here = await textOf(page);
      return here === body.toJSON() || `${here} ≠ ${body.toJSON()}`;
    })
    .toBe(true);

const endings = ['commit', 'commit', 'commit', 'cancel', 'leave', 'anew'] as const;

async function moveCaret(random: Random): Promise<void> {
  await page.keyboard.press(random.pick(['Control+Home', 'Control+End']));
  for (let steps = random.int(8); steps > 0; steps -= 1)
    await page.keyboard.press(random.pick(['ArrowLeft', 'ArrowRight']));
}

/** Letters one by one, some taken back, then candidates: what an input method shows on its way to a word. */
function stepsTo(random: Random, letters: string, word: string | undefined): string[] {
  const steps: string[] = [];
  for (let length = 1; length <= letters.length; length += 1) {
    steps.push(letters.slice(0, length));
    if (length > 1 && random.chance(0.2)) steps.push(letters.slice(0, length - 1));
  }
  if (word === undefined) return steps;
  if (random.chance(0.6)) steps.push(word.slice(0, 1) + letters.slice(-2), word);
  if (random.chance(0.3)) steps.push('候补', word);
  return steps;
}

async function compose(random: Random, name: string): Promise<void> {
  const before = await textOf(page);
  await moveCaret(random);
  const letters = random.pick(['nihao', 'shangliang', 'jianyi', 'xz', 'qiantou']);
  const word = random.pick(['你好', '商量', '建议', '现在', '牵头']);
  const ending = random.pick(endings);
  // the other sees the letters, and may write between them: then only a word that takes the place
  // of all of them at once stays whole
  const parted = ending === 'commit' && random.chance(0.4);
  let place: number | undefined;
  let shown = '';
  for (const step of stepsTo(random, letters, parted ? undefined : word)) {
    await ime.compose(step);
    shown = step;
    const now = await textOf(page);
    place ??= placeOf(before, now, step);
    // the others' edits have come by now, or will: nothing of them may be seen
    expect(now, `${name}: while composing “${step}”`).toBe(
      before.slice(0, place) + step + before.slice(place),
    );
    if (random.chance(0.6)) editElsewhere(random, parted ? undefined : composedPart);
  }
  let left = word;
  switch (ending) {
    case 'commit':
      await ime.commit(word);
      break;
    case 'cancel':
      await ime.compose('');
      left = '';
      break;
    case 'leave':
      await page.locator('h2').first().click();
      left = shown;
      break;
    case 'anew':
      // taken, and the next begins in the same breath
      await ime.commit(word);
      await ime.compose('z');
      editElsewhere(random, composedPart);
      await ime.commit('在');
      left = `${word}在`;
  }
  await same();
  const text = body.toJSON();
  if (ending !== 'anew') expect(text, `${name}: ${ending}`).toContain(left);
  else for (const part of [word, '在']) expect(text, `${name}: ${ending}`).toContain(part);
  if (ending === 'commit' || ending === 'cancel')
    expect(text.match(/[a-z]/g) ?? [], `${name}: ${ending}`).toEqual([]);
  await clear(text);
}

/** Begins the next with a few characters, and with the caret in the editor. */
async function clear(text: string): Promise<void> {
  const { doc } = body;
  doc!.transact(() => {
    body.delete(0, text.length);
    body.insert(0, '一二三四五六七八九十');
  });
  await same();
  await page.locator('.cm-content').click();
}

test(
  `[BRD11] ${RUNS} compositions, and another in the same card: never interrupted, whole, and the same on both sides`,
  { timeout: 60_000 + RUNS * 6_000 },
  async () => {
    for (let run = 0; run < RUNS; run += 1) {
      const name = `SEED=${seed}/${run}`;
      await compose(randomOf(`${seed}/${run}`), name);
    }
  },
);

test('[BRD11] a composition of which nothing more is heard holds the others up for a while only', async () => {
  await ime.compose('wan');
  body.insert(0, '等着的');
  await expect.poll(() => textOf(page), { timeout: 25_000 }).toContain('等着的');
  await ime.commit('完');
  await same();
  expect(body.toJSON()).toContain('完');
});
