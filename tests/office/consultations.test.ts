import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readLanes } from '../../shared/board/schema.ts';
import type { ConsultationState } from '../../shared/consultation/index.ts';
import type {
  AddedParticipant,
  ConsultationAnswer,
  CreatedConsultation,
  ListedConsultation,
} from '../../shared/wire/rest.ts';
import { openTestApp, type Answer, type Browser, type TestApp } from '../helpers/app.ts';

interface Refusing {
  readonly refused: { readonly code: string; readonly field?: string };
}
interface Span {
  readonly from: number;
  readonly to: number;
  readonly events: readonly { seq: number; type: string; actor: { person: string } }[];
}

let server: TestApp;
let office: Browser;
let room: CreatedConsultation;
let path: string;

beforeAll(async () => {
  server = await openTestApp();
  office = await server.officer();
});
afterAll(() => server.close());

beforeEach(async () => {
  const wanted = { title: '破解老旧小区难题', host: '槐柳街道' };
  room = (await office.post<CreatedConsultation>('/api/consultations', wanted)).body;
  path = `/api/consultations/${room.id}`;
});

async function enter(role: string, name = '某人', unit = ''): Promise<Browser> {
  const people = [{ name, role, unit, title: '' }];
  const added = await office.post<AddedParticipant[]>(`${path}/participants`, people);
  const browser = server.browser();
  await browser.post('/api/invitations/redeem', { token: added.body[0]!.token });
  return browser;
}

async function citizen(): Promise<Browser> {
  const browser = server.browser();
  await browser.post('/api/join', { code: room.code });
  return browser;
}

const give = (
  browser: Browser,
  type: string,
  data: object = {},
  commandId: string = randomUUID(),
) =>
  browser.post<Partial<Refusing> & { ok?: true; seq?: number }>(`${path}/commands`, {
    commandId,
    type,
    data,
  });
const code = (answer: Answer<unknown>) => (answer.body as Refusing).refused.code;
const stateFor = async (browser: Browser): Promise<ConsultationState> =>
  (await browser.get<ConsultationAnswer>(path)).body.state;

describe('the office', () => {
  test('creates a consultation with a code that can be read aloud and a screen key', () => {
    expect(room.code).toMatch(/^[0-9A-HJKMNP-TV-Z]{8}$/);
    expect(room.screenKey.length).toBeGreaterThanOrEqual(22);
  });

  test('lists all consultations; anyone else sees only their own', async () => {
    const listed = await office.get<ListedConsultation[]>('/api/consultations');
    expect(listed.body.map(({ id }) => id)).toContain(room.id);
    const member = await enter('member');
    const own = await member.get<ListedConsultation[]>('/api/consultations');
    expect(own.body).toMatchObject([{ id: room.id, role: 'member', phase: 'prepared' }]);
  });

  test('[CMD1] alone creates: a member, a citizen and nobody are refused', async () => {
    const ask = async (browser: Browser) =>
      (await browser.post('/api/consultations', { title: '我的' })).status;
    const statuses = [await enter('moderator'), await citizen(), server.browser()].map(ask);
    expect(await Promise.all(statuses)).toEqual([403, 403, 401]);
  });

  test('[LOG5] the list follows the record', async () => {
    const moderator = await enter('moderator');
    await give(moderator, 'consultation.open');
    const own = await moderator.get<ListedConsultation[]>('/api/consultations');
    expect(own.body).toMatchObject([{ phase: 'open' }]);
  });
});

describe('a participant', () => {
  test('gets an invitation of their own, each', async () => {
    const people = [
      { name: '梁安栋', role: 'member', unit: '示例设计院', title: '高工' },
      { name: '筑安居', role: 'department', unit: '区住建局', title: '副局长' },
    ];
    const { body } = await office.post<AddedParticipant[]>(`${path}/participants`, people);
    expect(body).toMatchObject([
      { name: '梁安栋', role: 'member' },
      { name: '筑安居', role: 'department' },
    ]);
    expect(new Set(body.map(({ token }) => token)).size).toBe(2);
    const { roster } = await stateFor(office);
    expect(Object.keys(roster).sort()).toEqual(body.map(({ id }) => id).sort());
  });

  test('is added by the staff alone', async () => {
    const member = await enter('member');
    const answer = await member.post(`${path}/participants`, [{ name: '熟人', role: 'moderator' }]);
    expect([answer.status, code(answer)]).toEqual([403, 'forbidden']);
  });

  test('of an unknown role is refused with the place in the list', async () => {
    const people = [
      { name: '甲', role: 'member' },
      { name: '乙', role: 'king' },
    ];
    const answer = await office.post<Refusing>(`${path}/participants`, people);
    expect([answer.status, answer.body.refused.field]).toEqual([422, '1.role']);
    expect((await stateFor(office)).roster).toEqual({});
  });

  test('[LIV4] who is removed has no part from the next request on', async () => {
    const member = await enter('member');
    const [person] = Object.keys((await stateFor(office)).roster);
    expect((await member.get(path)).status).toBe(200);
    await give(office, 'participant.remove', { person });
    const answer = await member.get(path);
    expect([answer.status, code(answer)]).toEqual([404, 'not_found']);
  });
});

describe('[LGN4] what one may not know of', () => {
  test('answers exactly like what does not exist', async () => {
    const stranger = await enter('member');
    const other = (await office.post<CreatedConsultation>('/api/consultations', { title: '别处' }))
      .body;
    for (const [method, tail] of [
      ['get', ''],
      ['get', '/events'],
      ['post', '/commands'],
      ['post', '/participants'],
    ] as const) {
      const ask = (id: string) => {
        const url = `/api/consultations/${id}${tail}`;
        if (method === 'get') return stranger.get(url);
        const command = { commandId: randomUUID(), type: 'floor.raise', data: {} };
        return stranger.post(
          url,
          tail === '/commands' ? command : [{ name: '甲', role: 'member' }],
        );
      };
      const [hidden, missing] = [await ask(other.id), await ask('c_nothing')];
      expect([hidden.status, hidden.body]).toEqual([missing.status, missing.body]);
      expect(hidden.status).toBe(404);
    }
  });

  test('without any login the answer is the same for both, too', async () => {
    const nobody = server.browser();
    const [there, missing] = [await nobody.get(path), await nobody.get('/api/consultations/none')];
    expect([there.status, there.body]).toEqual([missing.status, missing.body]);
    expect(there.status).toBe(401);
  });
});

test('a new consultation can be used at once: the usual agenda, and lanes to write in', async () => {
  const moderator = await enter('moderator');
  const { agenda } = await stateFor(moderator);
  expect(agenda.stages.map(({ kind }) => kind)).toContain('responses');
  const lanes = await server.app.boards.read(room.id, (doc) => readLanes(doc).map(({ id }) => id));
  expect(lanes).toEqual(['lane-hall', 'lane-public']);
});

describe('commands over HTTP', () => {
  test('answer with the sequence, and the same to a retry', async () => {
    const moderator = await enter('moderator');
    const id = randomUUID();
    const first = await give(moderator, 'consultation.open', {}, id);
    expect(first.body).toEqual({ ok: true, seq: 4 });
    expect((await give(moderator, 'consultation.open', {}, id)).body).toEqual(first.body);
    expect((await stateFor(moderator)).seq).toBe(4);
  });

  test('[LOG4] one’s command id is of no use to someone else', async () => {
    const [moderator, member] = [await enter('moderator'), await enter('member')];
    const id = randomUUID();
    await give(moderator, 'consultation.open', {}, id);
    expect((await give(member, 'floor.raise', {}, id)).status).toBe(409);
  });

  test.each([
    ['consultation.open', {}, 403, 'forbidden'],
    ['floor.next', {}, 403, 'forbidden'],
    ['nothing.known', {}, 422, 'unknown_command'],
    ['__proto__', {}, 422, 'unknown_command'],
    ['attendance.checkIn', { site: 'moon' }, 422, 'invalid'],
    ['floor.raise', {}, 409, 'not_open'],
  ])('[CMD1] %s %j of a member is refused with its code and changes nothing', async (...given) => {
    const [type, data, status, refusal] = given;
    const member = await enter('member');
    const { seq } = await stateFor(office);
    const answer = await give(member, type, data);
    expect([answer.status, code(answer)]).toEqual([status, refusal]);
    expect((await stateFor(office)).seq).toBe(seq);
  });

  test('[CMD1] without a proper envelope are invalid', async () => {
    const member = await enter('member');
    const answer = await member.post<Refusing>(`${path}/commands`, { type: 'floor.raise' });
    expect([answer.status, answer.body.refused.code]).toEqual([422, 'invalid']);
  });

  test('[CMD2] are given by whoever the cookie says, at the server’s time', async () => {
    const member = await enter('member', '舜思齐');
    const data = { site: 'hall', actor: { role: 'moderator' }, at: 0 };
    await give(member, 'attendance.checkIn', data);
    const [person] = Object.values((await stateFor(office)).roster);
    expect(person?.attendance).toMatchObject({ state: 'present', by: person?.id });
    const { since } = person?.attendance as { since: number };
    expect(Math.abs(Date.now() - since)).toBeLessThan(60_000);
  });

  test('[CMD1] nested deeper than any form are refused, not a fault', async () => {
    const member = await enter('member');
    for (const depth of [100, 10_000, 30_000]) {
      const data = '['.repeat(depth) + ']'.repeat(depth);
      const body = `{"commandId":"deep-${depth}","type":"floor.raise","data":${data}}`;
      const answer = await member.post(`${path}/commands`, body);
      expect([depth, answer.status, code(answer)]).toEqual([depth, 422, 'invalid']);
    }
  });

  test('are limited per device, never per address', async () => {
    const [hasty, calm] = [await citizen(), await citizen()];
    const flood = Array.from({ length: 60 }, () => give(hasty, 'nothing.known'));
    const statuses = (await Promise.all(flood)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(10);
    expect((await give(calm, 'nothing.known')).status).toBe(422);
  });
});

describe('[LGN4] a new invitation', () => {
  const inviteAnew = (browser: Browser, person: string) =>
    browser.post(`${path}/participants/${person}/invitation`);

  test('makes nobody a person of the office, or of another room, whom a roster only names', async () => {
    const clerk = await enter('clerk');
    const elsewhere = (
      await office.post<CreatedConsultation>('/api/consultations', { title: '他处' })
    ).body;
    const [stranger] = (
      await office.post<AddedParticipant[]>(`/api/consultations/${elsewhere.id}/participants`, [
        { name: '他处主持', role: 'moderator' },
      ])
    ).body;
    for (const person of ['officer', stranger!.id]) {
      const participant = { name: '某人', role: 'observer' };
      await give(clerk, 'participant.add', { person, participant });
      const answer = await inviteAnew(clerk, person);
      expect([answer.status, code(answer)]).toEqual([403, 'forbidden']);
    }
    // the officer, once no observer any more, may do it everywhere
    await give(clerk, 'participant.remove', { person: 'officer' });
    expect((await inviteAnew(office, stranger!.id)).status).toBe(200);
  });

  test('is for people of the roster, whatever every object has', async () => {
    const clerk = await enter('clerk');
    for (const person of ['constructor', 'toString', '__proto__', 'p_nobody']) {
      const answer = await inviteAnew(clerk, person);
      expect([person, answer.status, code(answer)]).toEqual([person, 404, 'not_found']);
    }
  });
});

describe('reading', () => {
  test('[LIV2] spans join without a gap, and hidden events are inside them', async () => {
    const moderator = await enter('moderator');
    await enter('member');
    await give(moderator, 'consultation.open');
    const reader = await citizen();
    const first = (await reader.get<Span>(`${path}/events`)).body;
    expect(first).toMatchObject({ from: 1, to: 5 });
    expect(first.events.map(({ type }) => type)).toEqual([
      'consultation.created',
      'agenda.set',
      'consultation.opened',
    ]);
    await give(moderator, 'consultation.pause', { reason: '休息' });
    const next = (await reader.get<Span>(`${path}/events?since=${first.to}`)).body;
    expect(next).toMatchObject({ from: 6, to: 6, events: [{ seq: 6 }] });
  });

  test('[LIV1] a citizen gets nothing of the roster, and no names of those who acted', async () => {
    const moderator = await enter('moderator', '言正清');
    await give(moderator, 'consultation.open');
    const reader = await citizen();
    expect(await stateFor(reader)).toMatchObject({ roster: {}, lifecycle: { phase: 'open' } });
    const everything = JSON.stringify([
      (await reader.get(path)).body,
      (await reader.get(`${path}/events`)).body,
    ]);
    expect(everything).not.toContain('言正清');
    expect(everything).not.toContain('"person":"officer"');
  });

  test('the screen key is the staff’s', async () => {
    const [moderator, member] = [await enter('moderator'), await enter('member')];
    const keyFor = async (browser: Browser) =>
      (await browser.get<ConsultationAnswer>(path)).body.screenKey;
    expect(await keyFor(moderator)).toBe(room.screenKey);
    expect(await keyFor(member)).toBeUndefined();
  });

  test('a nonsensical place to read from is refused or read from the end', async () => {
    expect((await office.get(`${path}/events?since=-1`)).status).toBe(422);
    expect((await office.get(`${path}/events?since=much`)).status).toBe(422);
    expect((await office.get<Span>(`${path}/events?since=99999`)).body.events).toEqual([]);
  });
});
