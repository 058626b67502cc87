// `npm run demo:live`: someone who opens the demonstration alone sees a room that is alive. Simulated
// participants type, table, support, ask for the floor and answer, through the real protocols, against
// the server that runs here; then they leave. DEMO_PACE=4 plays four times as fast.
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type * as Y from 'yjs';
import { textHash, cardText } from '../shared/board/schema.ts';
import type { CommandData, CommandName } from '../shared/consultation/index.ts';
import { enter, type Participant } from './demonstration/participant.ts';
import { acts, type Act } from './demonstration/acts.ts';
import { newCard, typeInto } from './demonstration/typing.ts';

interface Links {
  readonly demo: {
    readonly consultation: string;
    readonly moderator: string;
    readonly members: readonly string[];
    readonly departments: readonly string[];
    readonly public: string;
  };
}

const pace = Number(process.env['DEMO_PACE'] ?? 1);
const breath = () => pause(1_800 / pace);
const say = (line: string) => console.log(`  ${line}`);

interface Cast {
  readonly moderator: Participant;
  readonly members: readonly Participant[];
  readonly departments: readonly Participant[];
  readonly citizens: readonly Participant[];
}

function readLinks(): Links {
  const file = path.join(process.env['DATA_DIR'] ?? 'data', 'links.json');
  if (!existsSync(file)) {
    console.error(`没有找到 ${file}：请先在另一个终端运行 npm start。 (Start the server first.)`);
    process.exit(1);
  }
  const links = JSON.parse(readFileSync(file, 'utf8')) as Partial<Links>;
  if (links.demo) return links as Links;
  console.error('这个数据目录里没有演示数据。 (This data directory holds no demonstration.)');
  process.exit(1);
}

async function assemble({ demo }: Links): Promise<Cast> {
  const joinAll = (links: readonly string[]) =>
    Promise.all(links.map((link) => enter(link, demo.consultation)));
  const [moderator] = await joinAll([demo.moderator]);
  const [members, departments] = await Promise.all([
    joinAll(demo.members),
    joinAll(demo.departments),
  ]);
  const citizens = await joinAll([demo.public, demo.public, demo.public]);
  return { moderator: moderator!, members, departments, citizens };
}

/** A refusal is no accident here: a person at another screen may have done it first. */
async function attempt<Name extends CommandName>(
  who: Participant,
  type: Name,
  data: CommandData<Name>,
): Promise<boolean> {
  const answer = await who.send(type, data);
  if ('refused' in answer) say(`${who.me.name}: ${type} — ${answer.refused.message}`);
  return !('refused' in answer);
}

async function checkIn(people: readonly Participant[]): Promise<void> {
  for (const person of people) {
    const known = person.state().roster[person.me.person];
    if (known?.attendance.state === 'present') continue;
    await attempt(person, 'attendance.checkIn', { site: known?.site ?? 'hall' });
    await pause(300 / pace);
  }
}

/** One opinion, from the first character to the commitment on the big screen. */
async function play(act: Act, { moderator, members, departments, citizens }: Cast): Promise<void> {
  const author = members[act.author % members.length]!;
  const helper = members[(act.author + 1) % members.length]!;
  const card = `demo-${randomUUID()}`;
  const [mine, theirs] = await Promise.all([author.board(), helper.board()]);
  say(`${author.me.name} 写意见，${helper.me.name} 补充`);
  newCard(mine.doc, card, author.me.person, act.lane);
  await typeInto(mine.doc, card, act.words, pace);
  await typeInto(theirs.doc, card, act.supplement, pace);
  const opinion = await table(author, mine.doc, card);
  if (opinion === undefined) return;

  await attempt(moderator, 'screen.show', { kind: 'opinion', ref: opinion });
  for (const friend of [helper, ...citizens.slice(0, act.citizens)]) {
    await attempt(friend, 'opinion.support', { opinion, on: true });
    await pause(400 / pace);
  }
  const answering = departments[act.department % departments.length]!;
  const lead = answering.me.unit ?? answering.me.person;
  await attempt(moderator, 'opinion.assign', { opinion, lead });
  say(`意见交给 ${lead}`);
  await breath();
  await answerOnTheSpot(act, answering, moderator, opinion);
  await breath();
}

async function table(author: Participant, doc: Y.Doc, card: string): Promise<string | undefined> {
  await breath();
  const tabled = await attempt(author, 'opinion.table', {
    card,
    textHash: textHash(cardText(doc, card)),
  });
  if (!tabled) return undefined;
  const find = () =>
    Object.values(author.state().opinions).find((opinion) => opinion.card === card);
  await author.until(() => find() !== undefined);
  const opinion = find()!;
  say(`第 ${opinion.no} 号意见已提交`);
  await breath();
  return opinion.id;
}

async function answerOnTheSpot(
  act: Act,
  department: Participant,
  moderator: Participant,
  opinion: string,
): Promise<void> {
  await department.until((state) => state.opinions[opinion]?.assigned !== undefined);
  await pause(4_000 / pace);
  const published = await attempt(department, 'response.record', {
    opinion,
    ...act.answer,
    publish: true,
  });
  if (!published) return;
  const find = () =>
    Object.values(moderator.state().responses).find((response) => response.opinion === opinion);
  await moderator.until(() => find()?.status === 'published');
  say(`${department.me.unit ?? department.me.name} 现场回应并承诺`);
  await attempt(moderator, 'screen.show', { kind: 'response', ref: find()!.id });
  await breath();
}

/** Two people ask for the floor, and are heard for a few seconds each. */
async function speak({ moderator, members }: Cast, first: number): Promise<void> {
  for (const person of [members[first % members.length]!, members[(first + 2) % members.length]!]) {
    await attempt(person, 'floor.raise', {});
    await pause(600 / pace);
  }
  for (let turn = 0; turn < 2; turn += 1) {
    await attempt(moderator, 'floor.next', {});
    await pause(6_000 / pace);
  }
  if (moderator.state().floor.speaking) await attempt(moderator, 'floor.next', {});
}

async function write(citizen: Participant, text: string): Promise<void> {
  await attempt(citizen, 'submission.send', { text, consent: true });
  say('一位群众扫码提交了意见，等待主持人审核');
}

const cast = await assemble(readLinks());
const everyone = [cast.moderator, ...cast.members, ...cast.departments, ...cast.citizens];
say(`${everyone.length} 人已进入会场`);
await checkIn([...cast.members, ...cast.departments]);
for (const [index, act] of acts.entries()) {
  await speak(cast, index);
  await write(cast.citizens[index % cast.citizens.length]!, act.fromTheStreet);
  await play(act, cast);
}
await attempt(cast.moderator, 'screen.show', { kind: 'commitments' });
everyone.forEach((person) => person.leave());
say('演示结束，大家离开了会场。');
