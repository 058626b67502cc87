// How quickly the room answers, with thirty people in it, on the machine that this runs on. Prints a
// table; not a test, because machines differ. `node tests/bench/room.ts`
import { chromium, type Page } from '@playwright/test';
import { addCard, cardBody, readLanes } from '../../shared/board/schema.ts';
import { enter, type Participant } from '../../scripts/demonstration/participant.ts';
import { startServer, type StartedServer } from '../helpers/server.ts';

const PEOPLE = 30;
const STROKES = 120;
const RESPONSES = 12;
const args = [
  '--no-sandbox',
  '--disable-dev-shm-usage',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const percentile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[
    Math.min(values.length - 1, Math.floor(values.length * share))
  ] ?? NaN;

function report(what: string, values: readonly number[], goal: number): void {
  const [p50, p95] = [percentile(values, 0.5), percentile(values, 0.95)];
  const verdict = p95 < goal ? 'holds' : 'MISSED';
  console.log(
    `${what.padEnd(44)} p50 ${p50.toFixed(0).padStart(5)} ms   p95 ${p95.toFixed(0).padStart(5)} ms   goal ${goal} ms: ${verdict}`,
  );
}

/** The rest of the thirty: the demonstration's members and departments, each several times, some of them writing. */
async function crowd(server: StartedServer, writing: { on: boolean }): Promise<Participant[]> {
  const { consultation, members, departments } = server.links.demo;
  const links = Array.from(
    { length: PEOPLE - 2 },
    (_, n) => [...members, ...departments][n % (members.length + departments.length)]!,
  );
  const people: Participant[] = [];
  for (const link of links) people.push(await enter(link, consultation));
  for (const [index, person] of people.entries()) {
    const { doc } = await person.board();
    if (index >= 8) continue;
    const id = `bench-${index}`;
    const lane = readLanes(doc)[0]!.id;
    doc.transact(() => addCard(doc, { id, lane, author: person.me.person, createdAt: Date.now() }));
    // eight people type two characters a second, the rest read
    const type = () => {
      if (!writing.on) return;
      const body = cardBody(doc, id);
      body?.insert(body.length, '商');
      setTimeout(type, 500);
    };
    type();
  }
  return people;
}

async function open(link: string, size: { width: number; height: number }): Promise<Page> {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args });
  const page = await (await browser.newContext({ viewport: size })).newPage();
  await page.goto(link);
  return page;
}

/** Time from a key in one browser to the frame in which another shows it; both read the same machine's clock. */
async function strokes(writer: Page, reader: Page): Promise<number[]> {
  await writer.getByRole('button', { name: '写意见' }).first().click();
  await writer.getByRole('textbox', { name: '编辑意见' }).waitFor();
  await writer.keyboard.insertText('起');
  await reader.getByRole('article').filter({ hasText: '起' }).first().waitFor();
  const times: number[] = [];
  for (let stroke = 0; stroke < STROKES; stroke += 1) {
    const mark = `⟦${stroke}⟧`;
    const shown = reader.evaluate(
      (text) =>
        new Promise<number>((resolve) => {
          const look = () => {
            if (document.body.textContent?.includes(text)) resolve(Date.now());
            else requestAnimationFrame(look);
          };
          look();
        }),
      mark,
    );
    const sent = await writer.evaluate(() => Date.now());
    await writer.keyboard.insertText(mark);
    times.push((await shown) - sent);
  }
  return times;
}

/** Time from the department's publishing to the big screen's frame that shows it. */
async function responses(server: StartedServer, screen: Page): Promise<number[]> {
  const { consultation, moderator: desk, members, departments } = server.links.demo;
  const [moderator, member, department] = await Promise.all(
    [desk, members[0]!, departments[0]!].map((link) => enter(link, consultation)),
  );
  const { doc } = await member!.board();
  const times: number[] = [];
  for (let turn = 0; turn < RESPONSES; turn += 1) {
    const card = `response-${turn}`;
    const lane = readLanes(doc)[0]!.id;
    doc.transact(() =>
      addCard(doc, {
        id: card,
        lane,
        author: member!.me.person,
        text: `第 ${turn} 问`,
        createdAt: Date.now(),
      }),
    );
    await moderator!.until((state) => state.seq > 0);
    await tableWhenSaved(member!, card);
    const opinion = Object.values(
      (
        await moderator!.until((state) =>
          Object.values(state.opinions).some((one) => one.card === card),
        )
      ).opinions,
    ).find((one) => one.card === card)!.id;
    await moderator!.send('opinion.assign', { opinion, lead: department!.me.unit ?? '' });
    await moderator!.send('screen.show', { kind: 'opinion', ref: opinion });
    const what = `承诺〔${turn}〕`;
    const shown = screen.evaluate(
      (text) =>
        new Promise<number>((resolve) => {
          const look = () =>
            document.body.textContent?.includes(text)
              ? resolve(Date.now())
              : requestAnimationFrame(look);
          look();
        }),
      what,
    );
    const sent = Date.now();
    const answer = {
      opinion,
      text: '可以。',
      stance: 'adopt' as const,
      commitments: [{ what, officer: '某某', days: 5 }],
      publish: true,
    };
    await department!.send('response.record', answer);
    times.push((await shown) - sent);
  }
  [moderator, member, department].forEach((person) => person!.leave());
  return times;
}

async function tableWhenSaved(member: Participant, card: string): Promise<void> {
  for (let tries = 0; tries < 50; tries += 1) {
    const answer = await member.send('opinion.table', { card });
    if (!('refused' in answer)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${card} was not tabled`);
}

const server = await startServer();
const writing = { on: true };
const people = await crowd(server, writing);
const { demo } = server.links;
const [writer, reader, screen] = await Promise.all([
  open(demo.members[0]!, { width: 1440, height: 900 }),
  open(demo.members[1]!, { width: 1440, height: 900 }),
  open(demo.screen, { width: 1920, height: 1080 }),
]);
console.log(`${PEOPLE} people in the room, eight of them typing\n`);
report('a character, from key to another’s screen', await strokes(writer, reader), 100);
report('a response, from publishing to the big screen', await responses(server, screen), 1_000);
writing.on = false;
for (const page of [writer, reader, screen]) await page.context().browser()?.close();
people.forEach((person) => person.leave());
await server.stop();
