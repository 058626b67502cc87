import { addCard, cardsOf } from '../../shared/board/schema.ts';
import type { Actor } from '../../shared/log/envelope.ts';
import { drafts, type LaneId } from './content/drafts.ts';
import type { Sample, SampleOpinion } from './content/sample.ts';
import { everyoneIn, prepare } from './prepare.ts';
import { actorOf, systemActor, type SeedParts, type Story } from './seed-parts.ts';

const MINUTE = 60_000;
/** The meeting is in the middle of its stage 部门回应. */
const BEGAN_BEFORE = 93 * MINUTE;
/** Those who speak for themselves in 预约发言, and those who are connected afterwards. */
const booked = ['qian-yizhang', 'shun-siqi', 'he-youyu', 'wen-daoyuan'];
const connected = ['he-qingyang', 'lu-changming'];
const handsUp = ['wen-daoyuan', 'lu-changming'];
/** Too late for the beginning, as some always are. */
const notHereYet = ['gong-zhiyuan'];

const laneBySite: Record<string, LaneId> = {
  hall: 'lane-hall',
  onsite: 'lane-onsite',
  mobile: 'lane-mobile',
};

/** Minutes after the beginning. */
type At = (minutes: number) => void;

interface Telling {
  readonly sample: Sample;
  readonly parts: SeedParts;
  readonly story: Story;
  readonly actorById: ReadonlyMap<string, Actor>;
  readonly at: At;
}

/** S1, as if it had begun an hour and a half ago. */
export async function tellMeeting(sample: Sample, parts: SeedParts, now: number): Promise<void> {
  const began = now - BEGAN_BEFORE;
  const story = await prepare(sample, parts, { at: began - 40 * MINUTE, startsAt: began });
  const actorById = new Map(everyoneIn(sample).map((person) => [person.id, actorOf(person)]));
  const at: At = (minutes) => story.at(began + minutes * MINUTE);
  const telling: Telling = { sample, parts, story, actorById, at };
  await checkIn(telling);
  await drawBoard(telling);
  await open(telling);
  await speeches(telling);
  const opinionByNo = await table(telling);
  await submissions(telling, opinionByNo);
  await support(telling, opinionByNo);
  await answers(telling, opinionByNo);
  at(92);
  for (const person of handsUp) {
    await story.tell(personOf(telling, person), 'floor.raise', { kind: 'question' });
  }
}

function personOf({ actorById }: Telling, id: string): Actor {
  const actor = actorById.get(id);
  if (!actor) throw new Error(`the demonstration has no ${id}`);
  return actor;
}

const moderatorOf = (telling: Telling): Actor => personOf(telling, 'yan-zhengqing');

async function checkIn({ sample, story, actorById, at }: Telling): Promise<void> {
  for (const [index, { id, site }] of everyoneIn(sample).entries()) {
    if (notHereYet.includes(id)) continue;
    at(-30 + index * 2);
    await story.tell(actorById.get(id) ?? systemActor, 'attendance.checkIn', { site });
  }
}

/** Every card is laid by its author, those that will be tabled first. */
async function drawBoard({ sample, parts, actorById, story }: Telling): Promise<void> {
  const siteById = new Map(sample.people.map(({ id, site }) => [id, site]));
  const laid = sample.opinions.flatMap(({ no, author, text }) =>
    author === undefined
      ? []
      : [{ id: cardOf(no), author, text, lane: laneBySite[siteById.get(author) ?? 'hall'] }],
  );
  const open = drafts.map((draft, index) => ({ id: `sample-draft-${index + 1}`, ...draft }));
  for (const { id, lane = 'lane-hall', author, text } of [...laid, ...open]) {
    const createdAt = Date.now();
    await parts.editBoard(story.id, actorById.get(author) ?? systemActor, (doc) => {
      if (!cardsOf(doc).has(id)) addCard(doc, { id, lane, author, text, createdAt });
    });
  }
}

const cardOf = (no: number): string => `sample-card-${no}`;

async function open(telling: Telling): Promise<void> {
  const { story, at } = telling;
  const moderator = moderatorOf(telling);
  at(0);
  await story.tell(moderator, 'consultation.open', {});
  for (const [stage, minutes] of [
    ['opening', 0],
    ['findings', 3],
    ['briefing', 10],
    ['speeches', 20],
  ] as const) {
    at(minutes);
    await story.tell(moderator, 'agenda.start', { stage });
  }
}

async function speeches(telling: Telling): Promise<void> {
  const { story, at } = telling;
  const moderator = moderatorOf(telling);
  at(20);
  for (const person of booked) await story.tell(personOf(telling, person), 'floor.raise', {});
  for (const index of booked.keys()) {
    at(20 + index * 6);
    await story.tell(moderator, 'floor.next', {});
  }
  at(44);
  await story.tell(moderator, 'floor.next', {});
  at(45);
  await story.tell(moderator, 'agenda.start', { stage: 'remote' });
  for (const [index, person] of connected.entries()) {
    at(46 + index * 5);
    await story.tell(personOf(telling, person), 'floor.raise', { kind: 'remote' });
    await story.tell(moderator, 'floor.next', {});
  }
  at(56);
  await story.tell(moderator, 'floor.next', {});
}

/** Opinions by number; the authors table their own. */
async function table(telling: Telling): Promise<Map<number, string>> {
  const { sample, story, at } = telling;
  const opinionByNo = new Map<number, string>();
  for (const { no, author } of sample.opinions) {
    if (author === undefined) continue;
    at(56 + no);
    const actor = personOf(telling, author);
    opinionByNo.set(no, await story.tell(actor, 'opinion.table', { card: cardOf(no) }));
  }
  at(64);
  await story.tell(moderatorOf(telling), 'agenda.start', { stage: 'questions' });
  return opinionByNo;
}

const citizen = (number: number): Actor => ({
  person: `g_sample-${number}`,
  role: 'public',
  name: '扫码群众',
});

/** The first citizen's words are taken up; the second's still wait for the desk. */
async function submissions(telling: Telling, opinionByNo: Map<number, string>): Promise<void> {
  const { sample, story, at } = telling;
  const written = sample.opinions.filter(({ citizen: name }) => name !== undefined);
  const [first, second] = written as [SampleOpinion, SampleOpinion];
  at(66);
  const submission = await story.tell(citizen(1), 'submission.send', {
    text: first.text,
    consent: true,
  });
  at(68);
  const accept = { submission };
  opinionByNo.set(first.no, await story.tell(moderatorOf(telling), 'submission.accept', accept));
  at(88);
  await story.tell(citizen(2), 'submission.send', { text: second.text, consent: true });
}

async function support(telling: Telling, opinionByNo: Map<number, string>): Promise<void> {
  const { story, at } = telling;
  const opinion = (no: number): string => opinionByNo.get(no) ?? '';
  at(70);
  for (const [no, supporters] of [
    [1, ['shun-siqi', 'he-youyu', 'lu-changming']],
    [2, ['qian-yizhang', 'he-qingyang']],
    [3, ['qian-yizhang', 'wen-daoyuan']],
    [7, ['lu-changming']],
  ] as const) {
    for (const person of supporters) {
      await story.tell(personOf(telling, person), 'opinion.support', {
        opinion: opinion(no),
        on: true,
      });
    }
  }
  for (const no of [2, 4]) {
    await story.tell(moderatorOf(telling), 'opinion.publish', { opinion: opinion(no) });
  }
  for (const [no, supporters] of [
    [2, 9],
    [4, 6],
    [7, 14],
  ] as const) {
    for (let number = 1; number <= supporters; number += 1) {
      if (no === 7 && number === 1) continue; // its author
      await story.tell(citizen(number), 'opinion.support', { opinion: opinion(no), on: true });
    }
  }
}

/** Opinions 1 and 3 have their answer, 2 waits for its department. */
async function answers(telling: Telling, opinionByNo: Map<number, string>): Promise<void> {
  const { sample, story, at } = telling;
  const moderator = moderatorOf(telling);
  at(84);
  for (const no of [1, 3, 2]) {
    const lead = sample.responses.find(({ opinion }) => opinion === no)?.unit ?? '';
    await story.tell(moderator, 'opinion.assign', { opinion: opinionByNo.get(no) ?? '', lead });
  }
  at(85);
  await story.tell(moderator, 'agenda.start', { stage: 'responses' });
  for (const [index, no] of [1, 3].entries()) {
    at(87 + index * 3);
    await answer(telling, no, opinionByNo.get(no) ?? '');
  }
}

async function answer(telling: Telling, no: number, opinion: string): Promise<void> {
  const { sample, story } = telling;
  const response = sample.responses.find((each) => each.opinion === no);
  const officer = sample.people.find(({ name }) => name === response?.officer);
  if (!response || !officer) throw new Error(`the demonstration has no answer to ${no}`);
  const { text, stance, reason, commitments } = response;
  const id = await story.tell(actorOf(officer), 'response.record', {
    opinion,
    text,
    stance,
    ...(reason === undefined ? {} : { reason }),
    commitments: commitments.map(({ what, days }) => ({
      what,
      days,
      dayKind: 'working' as const,
      officer: officer.name,
    })),
    publish: true,
  });
  await story.tell(moderatorOf(telling), 'screen.show', { kind: 'response', ref: id });
}
