// Who is shown what, asked over HTTP by a member, an observer, the desk, a citizen and people of other rooms.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { mergeCard } from '../../shared/board/merging.ts';
import { addCard } from '../../shared/board/schema.ts';
import type {
  AddedParticipant,
  ConsultationAnswer,
  CreatedConsultation,
  Similar,
} from '../../shared/wire/rest.ts';
import { openTestApp, type Answer, type Browser, type TestApp } from '../helpers/app.ts';
import { pool } from './opinion-pool.ts';

let server: TestApp;
let office: Browser;
beforeAll(async () => {
  server = await openTestApp();
  office = await server.officer();
});
afterAll(() => server.close());

interface Room {
  readonly id: string;
  readonly path: string;
  readonly code: string;
  readonly moderator: Browser;
  readonly member: Browser;
  readonly memberId: string;
  readonly department: Browser;
  enter(role: string, name?: string): Promise<Browser>;
  citizen(): Promise<Browser>;
}

const give = (browser: Browser, path: string, type: string, data: object = {}) =>
  browser.post<{ refused?: { code: string } }>(`${path}/commands`, {
    commandId: randomUUID(),
    type,
    data,
  });

async function openRoom(title: string, sample = false): Promise<Room> {
  const { body } = await office.post<CreatedConsultation>('/api/consultations', { title, sample });
  const path = `/api/consultations/${body.id}`;
  const admit = async (role: string, name: string, unit = '') => {
    const people = [{ name, role, unit, title: '' }];
    const added = await office.post<AddedParticipant[]>(`${path}/participants`, people);
    const browser = server.browser();
    const { id, token } = added.body[0]!;
    await browser.post('/api/invitations/redeem', { token });
    return { browser, id };
  };
  const { browser: moderator } = await admit('moderator', '言正清');
  const { browser: member, id: memberId } = await admit('member', '梁安栋');
  const { browser: department } = await admit('department', '筑安居', '区住建局');
  await give(moderator, path, 'consultation.open');
  return {
    id: body.id,
    path,
    code: body.code,
    moderator,
    member,
    memberId,
    department,
    enter: async (role, name = '某人') => (await admit(role, name)).browser,
    async citizen() {
      const browser = server.browser();
      await browser.post('/api/join', { code: body.code });
      return browser;
    },
  };
}

async function draft(room: Room, text: string): Promise<string> {
  const id = randomUUID();
  const { memberId: author } = room;
  const lane = 'lane-hall';
  await server.app.boards.edit(room.id, { person: author }, (doc) =>
    addCard(doc, { id, lane, author, text, createdAt: 1_760_000_000_000 }),
  );
  return id;
}

async function table(room: Room, text: string): Promise<string> {
  const card = await draft(room, text);
  expect((await give(room.member, room.path, 'opinion.table', { card })).status).toBe(200);
  const { state } = (await room.moderator.get<ConsultationAnswer>(room.path)).body;
  return Object.values(state.opinions).find((opinion) => opinion.card === card)!.id;
}

async function answer(room: Room, opinion: string, text: string): Promise<void> {
  await give(room.moderator, room.path, 'opinion.assign', { opinion, lead: '区住建局' });
  const commitments = [{ what: '首批完成', officer: '筑安居', days: 30 }];
  const data = { opinion, text, stance: 'adopt', commitments, publish: true };
  expect((await give(room.department, room.path, 'response.record', data)).status).toBe(200);
}

const send = (citizen: Browser, room: Room, text: string) =>
  give(citizen, room.path, 'submission.send', { text, consent: true });

const ask = (browser: Browser, room: Room, text: string, except?: string) =>
  browser.post<Similar[]>(`${room.path}/similar`, { text, ...(except && { except }) });
const sources = ({ body }: Answer<Similar[]>) => body.map(({ source }) => source).sort();

const about = '低楼层邻居不同意装电梯，补偿多少说不清，请社区和律师来调解';
const lifts = pool['lift-compensation']!;

let room: Room;
beforeEach(async () => {
  room = await openRoom('破解老旧小区难题');
});

describe('[SIM4] nobody is shown what they may not read', () => {
  test('drafts to those who may read the board, never to a citizen or another room', async () => {
    const card = await draft(room, lifts);
    for (const browser of [room.member, await room.enter('observer'), room.moderator]) {
      const { body } = await ask(browser, room, about);
      expect(body).toMatchObject([{ source: 'draft', card, by: '梁安栋', text: lifts }]);
    }
    expect((await ask(await room.citizen(), room, about)).body).toEqual([]);
    const elsewhere = await openRoom('另一场');
    expect((await ask(elsewhere.member, elsewhere, about)).body).toEqual([]);
  });

  test('tabled opinions to the room, to citizens from their release on, withdrawn ones to nobody', async () => {
    const opinion = await table(room, lifts);
    const citizen = await room.citizen();
    expect((await ask(room.member, room, about)).body).toMatchObject([
      { source: 'opinion', id: opinion, no: 1, by: '梁安栋' },
    ]);
    expect((await ask(citizen, room, about)).body).toEqual([]);
    await give(room.moderator, room.path, 'opinion.publish', { opinion });
    expect((await ask(citizen, room, about)).body).toMatchObject([{ id: opinion }]);
    await give(room.member, room.path, 'opinion.withdraw', { opinion });
    for (const browser of [room.member, citizen, room.moderator])
      expect((await ask(browser, room, about)).body).toEqual([]);
  });

  test('submissions that wait to the desk alone, and never their own to themselves', async () => {
    const author = await room.citizen();
    await send(author, room, lifts);
    const { body } = await ask(room.moderator, room, about);
    expect(body).toMatchObject([{ source: 'submission', text: lifts }]);
    expect(body[0]).not.toHaveProperty('by');
    expect((await ask(room.moderator, room, lifts, body[0]!.id)).body).toEqual([]);
    for (const browser of [room.member, room.department, author, await room.citizen(), office])
      expect((await ask(browser, room, about)).body).toEqual([]);
  });

  test('an answer that its unit has not let out is told to nobody, the desk included', async () => {
    const opinion = await table(room, lifts);
    await give(room.moderator, room.path, 'opinion.assign', { opinion, lead: '区住建局' });
    const data = { opinion, text: '内部口径', stance: 'study' };
    await give(room.department, room.path, 'response.record', data);
    for (const browser of [room.member, room.moderator])
      expect((await ask(browser, room, about)).body[0]).not.toHaveProperty('answer');
  });

  test('who has no part gets the answer of what does not exist; nobody is told to come in', async () => {
    const stranger = (await openRoom('别处')).member;
    const answers = [await ask(stranger, room, about), await ask(server.browser(), room, about)];
    expect(answers.map(({ status }) => status)).toEqual([404, 401]);
  });
});

describe('[SIM5] what was answered elsewhere is shown with its answer', () => {
  test('its number, whose it was, stance, words, commitment and day; citizens see it too', async () => {
    const earlier = await openRoom('推进垃圾分类');
    await answer(earlier, await table(earlier, pool['waste-points']!), '设误时投放点。');
    for (const browser of [room.member, await room.citizen(), room.moderator]) {
      const { body } = await ask(browser, room, '扔垃圾时间太短，上班族赶不上，要有误时投放');
      const found = body.find(({ consultation }) => consultation === earlier.id);
      expect(found).toMatchObject({
        source: 'earlier',
        no: 1,
        title: '推进垃圾分类',
        by: '梁安栋',
        answer: { unit: '区住建局', stance: 'adopt', text: '设误时投放点。' },
      });
      expect(found!.answer!.commitments).toMatchObject([
        { what: '首批完成', due: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as string },
      ]);
    }
  });

  test('released without an answer it is not, until it has one', async () => {
    const words = pool['village-school']!;
    const elsewhere = await openRoom('乡村教育');
    const opinion = await table(elsewhere, words);
    await give(elsewhere.moderator, elsewhere.path, 'opinion.publish', { opinion });
    expect((await ask(room.member, room, words)).body).toEqual([]);
    await answer(elsewhere, opinion, '低年级保留教学点。');
    expect(sources(await ask(room.member, room, words))).toEqual(['earlier']);
  });

  test('what is fictional is shown beside fictional things only', async () => {
    const words = pool['culture-opera']!;
    const sample = await openRoom('示例', true);
    await answer(sample, await table(sample, words), '按场次购买演出。');
    expect((await ask(room.member, room, words)).body).toEqual([]);
    const other = await openRoom('另一场示例', true);
    expect(sources(await ask(other.member, other, words))).toEqual(['earlier']);
  });

  test('however much is being said in the room, it keeps a place', async () => {
    const words = pool['park-toilets']!;
    const earlier = await openRoom('公园改造');
    await answer(
      earlier,
      await table(earlier, '公园厕所冬天停水，老人不方便，希望早点开门'),
      '装电伴热。',
    );
    for (let copies = 0; copies < 6; copies += 1) await draft(room, `${words}（${copies}）`);
    const { body } = await ask(room.member, room, words);
    expect(body.map(({ source }) => source)).toEqual([
      'draft',
      'draft',
      'draft',
      'draft',
      'earlier',
    ]);
  });
});

describe('asking', () => {
  test('one’s own card, and the opinion that it became, are left out', async () => {
    const card = await draft(room, lifts);
    expect((await ask(room.member, room, lifts, card)).body).toEqual([]);
    await give(room.member, room.path, 'opinion.table', { card });
    expect((await ask(room.member, room, lifts, card)).body).toEqual([]);
    expect(sources(await ask(room.member, room, lifts))).toEqual(['opinion']);
  });

  test('a draft that was rewritten is found by what it says now', async () => {
    await draft(room, lifts);
    expect(sources(await ask(room.member, room, about))).toEqual(['draft']);
    const actor = { person: 'system' };
    await server.app.boards.edit(room.id, actor, (doc) => {
      for (const card of doc
        .getMap<Map<string, { delete(at: number, count: number): void }>>('cards')
        .values())
        card.get('body')!.delete(0, lifts.length);
    });
    expect((await ask(room.member, room, about)).body).toEqual([]);
  });

  test('what is merged leads to its main opinion, once; a merged draft to the card that carries it', async () => {
    const main = await table(room, lifts);
    const merged = await table(room, `${lifts}再快一点。`);
    await give(room.moderator, room.path, 'opinion.merge', { opinion: merged, into: main });
    const { body } = await ask(room.member, room, about);
    expect(body.map(({ id, no }) => [id, no])).toEqual([[main, 1]]);

    const words = pool['noise-dance']!;
    const [into, card] = [await draft(room, '请管一管小区的噪音扰民'), await draft(room, words)];
    const actor = { person: room.memberId };
    await server.app.boards.edit(room.id, actor, (doc) => mergeCard(doc, card, into));
    const [found] = (await ask(room.member, room, words)).body;
    expect(found).toMatchObject({ source: 'draft', id: card, card: into, text: words });
    const own = sources(await ask(room.member, room, words, into));
    expect(own).not.toContain('draft');
  });

  test('bad bytes are refused with the field, and too long a text too', async () => {
    const refused = async (body: object) => {
      const { status, body: said } = await room.member.post<{ refused: { field?: string } }>(
        `${room.path}/similar`,
        body,
      );
      return [status, said.refused.field];
    };
    expect(await refused({})).toEqual([422, 'text']);
    expect(await refused({ text: '' })).toEqual([422, 'text']);
    expect(await refused({ text: '长'.repeat(2_001) })).toEqual([422, 'text']);
    expect((await ask(room.member, room, '𠮷'.repeat(2_000))).status).toBe(200);
    expect((await ask(room.member, room, '__proto__ constructor')).body).toEqual([]);
  });

  test('[SIM6] too often is refused per login, and holds up nobody else', async () => {
    const statuses: number[] = [];
    for (let asked = 0; asked < 60; asked += 1)
      statuses.push((await ask(room.member, room, '你好')).status);
    expect(statuses[0]).toBe(200);
    expect(statuses.at(-1)).toBe(429);
    expect((await ask(room.moderator, room, '你好')).status).toBe(200);
  });

  test('the interface is described', async () => {
    const { body } = await server
      .browser()
      .get<{ paths: Record<string, { post?: object }> }>('/api/docs/json');
    expect(body.paths['/api/consultations/{id}/similar']?.post).toHaveProperty('requestBody');
  });
});
