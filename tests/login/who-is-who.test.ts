import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hashOf } from '../../server/login/tokens.ts';
import type { AddedParticipant, CreatedConsultation, Login } from '../../shared/wire/rest.ts';
import { openTestApp, type Answer, type Browser, type TestApp } from '../helpers/app.ts';

type Refusing = { refused: { code: string; message: string; field?: string } };

let server: TestApp;
let office: Browser;
let room: CreatedConsultation;

beforeAll(async () => {
  server = await openTestApp();
  office = await server.officer();
});
afterAll(() => server.close());

beforeEach(async () => {
  const created = await office.post<CreatedConsultation>('/api/consultations', {
    title: '老旧小区',
  });
  room = created.body;
});

async function add(name: string, role = 'member'): Promise<AddedParticipant> {
  const people = [{ name, role, unit: '示例单位', title: '委员' }];
  const path = `/api/consultations/${room.id}/participants`;
  const { body } = await office.post<AddedParticipant[]>(path, people);
  return body[0]!;
}

const redeem = (browser: Browser, token: string, more: object = {}) =>
  browser.post<{ me: Login; path: string } & Partial<Refusing>>('/api/invitations/redeem', {
    token,
    ...more,
  });

const code = (answer: Answer<unknown>) => (answer.body as Refusing).refused.code;

describe('[LGN1] an invitation', () => {
  test('makes the browser that redeems it the invited person, and says where to go', async () => {
    const alice = server.browser();
    const answer = await redeem(alice, (await add('钱益彰')).token);
    expect(answer.status).toBe(200);
    expect(answer.body.path).toBe(`/c/${room.id}`);
    const me = await alice.get<Login>('/api/me');
    expect(me.body).toMatchObject({ kind: 'person', name: '钱益彰', office: [] });
    expect(me.body.consultations).toMatchObject([
      { id: room.id, title: '老旧小区', role: 'member' },
    ]);
  });

  test('leads a moderator to the desk and an officer to the office', async () => {
    const { token } = await add('言正清', 'moderator');
    expect((await redeem(server.browser(), token)).body.path).toBe(`/c/${room.id}/desk`);
    const officeToken = await server.app.people.invite({ person: 'officer', reusable: true });
    expect((await redeem(server.browser(), officeToken)).body.path).toBe('/office');
  });

  test('is redeemed by no GET', async () => {
    const { token } = await add('钱益彰');
    for (const url of [`/i/${token}`, `/api/invitations/redeem?token=${token}`]) {
      const preview = server.browser();
      await preview.get(url);
      expect(preview.cookies()).toEqual({});
    }
    expect((await redeem(server.browser(), token)).status).toBe(200);
  });

  test('binds to the device that redeems it first', async () => {
    const { token } = await add('钱益彰');
    const alice = server.browser();
    await redeem(alice, token);
    expect((await redeem(alice, token)).status).toBe(200);
    const other = await redeem(server.browser(), token);
    expect([other.status, code(other)]).toEqual([409, 'invitation_used']);
  });

  test('makes one login when many devices ask at once', async () => {
    const { token } = await add('钱益彰');
    const asked = Array.from({ length: 8 }, () => redeem(server.browser(), token));
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  });

  test('that is reusable works on any device', async () => {
    const { id } = await add('钱益彰');
    const token = await server.app.people.invite({
      person: id,
      consultation: room.id,
      reusable: true,
    });
    expect((await redeem(server.browser(), token)).status).toBe(200);
    expect((await redeem(server.browser(), token)).status).toBe(200);
  });

  test('that nobody issued is answered like nothing at all', async () => {
    const answer = await redeem(server.browser(), 'A'.repeat(32));
    expect([answer.status, code(answer)]).toEqual([404, 'not_found']);
  });

  test('sets a cookie out of scripts’ reach, for HTTPS only where there is HTTPS', async () => {
    const { token } = await add('钱益彰');
    const answer = await redeem(server.browser(), token);
    const cookie = String(answer.headers['set-cookie']);
    expect(cookie).toMatch(/^sl_login=[\w-]{32}; .*HttpOnly/);
    expect(cookie).toContain('SameSite=Lax');
    expect(cookie).not.toContain('Secure');
  });
});

describe('[LGN2] a login', () => {
  test('[LGN7] ends when the person leaves, also for whoever copied the cookie', async () => {
    const { token } = await add('钱益彰');
    const alice = server.browser();
    await redeem(alice, token);
    const thief = server.browser();
    thief.setCookie('sl_login', alice.cookies()['sl_login']!);
    expect((await thief.get('/api/me')).status).toBe(200);
    await alice.post('/api/logout');
    expect((await thief.get('/api/me')).status).toBe(401);
    expect((await redeem(server.browser(), token)).status).toBe(200);
  });

  test('[LGN7] ends when the staff issue a new invitation; the old link is dead', async () => {
    const { id, token } = await add('钱益彰');
    const alice = server.browser();
    await redeem(alice, token);
    const path = `/api/consultations/${room.id}/participants/${id}/invitation`;
    const anew = await office.post<AddedParticipant>(path);
    expect(anew.status).toBe(200);
    expect((await alice.get('/api/me')).status).toBe(401);
    expect((await redeem(alice, token)).status).toBe(404);
    expect((await redeem(alice, anew.body.token)).status).toBe(200);
  });

  test('is stored as a hash', async () => {
    const { token } = await add('钱益彰');
    const alice = server.browser();
    await redeem(alice, token);
    const onDisk = readdirSync(server.dataDir)
      .map((name) => readFileSync(path.join(server.dataDir, name), 'latin1'))
      .join('');
    const cookie = alice.cookies()['sl_login']!;
    const holds = (text: string) => onDisk.includes(text);
    expect([token, cookie].map(hashOf).map(holds)).toEqual([true, true]);
    expect([token, cookie].map(holds)).toEqual([false, false]);
  });
});

describe('[LGN3] a second invitation', () => {
  test('asks before it makes the browser someone else, and uses nothing up', async () => {
    const [alice, bob] = [await add('钱益彰'), await add('舜思齐')];
    const browser = server.browser();
    await redeem(browser, alice.token);
    const asked = await redeem(browser, bob.token);
    expect([asked.status, code(asked)]).toEqual([409, 'someone_else']);
    expect((await browser.get<Login>('/api/me')).body.name).toBe('钱益彰');
    expect((await redeem(browser, bob.token, { switch: true })).status).toBe(200);
    expect((await browser.get<Login>('/api/me')).body.name).toBe('舜思齐');
    // the first link is free again, so that the person can come back
    expect((await redeem(browser, alice.token, { switch: true })).status).toBe(200);
  });

  test('for the same person changes nothing', async () => {
    const { id, token } = await add('钱益彰');
    const browser = server.browser();
    await redeem(browser, token);
    const cookie = browser.cookies()['sl_login'];
    const again = await server.app.people.invite({ person: id, consultation: room.id });
    expect((await redeem(browser, again)).status).toBe(200);
    expect(browser.cookies()['sl_login']).toBe(cookie);
  });
});

describe('a citizen', () => {
  const join = (browser: Browser, more: object = {}) =>
    browser.post<{ consultation: string; title: string }>('/api/join', {
      code: room.code,
      ...more,
    });

  test('joins by the code without an account, and stays the same guest', async () => {
    const citizen = server.browser();
    expect((await join(citizen)).body).toEqual({ consultation: room.id, title: '老旧小区' });
    const first = await citizen.get<Login>('/api/me');
    expect(first.body).toMatchObject({ kind: 'guest', consultations: [{ role: 'public' }] });
    await join(citizen);
    expect((await citizen.get<Login>('/api/me')).body.person).toBe(first.body.person);
  });

  test('may type the code as it is read aloud', async () => {
    const spoken = room.code
      .toLowerCase()
      .replace(/(.{4})/, '$1-')
      .replaceAll('0', 'o');
    expect((await join(server.browser(), { code: spoken })).status).toBe(200);
  });

  test('gets nothing by a code that does not exist', async () => {
    const citizen = server.browser();
    const answer = await join(citizen, { code: 'ZZZZZZZZ' });
    expect([answer.status, code(answer), citizen.cookies()]).toEqual([404, 'not_found', {}]);
  });

  test('[LGN8] who is a member elsewhere is a citizen here', async () => {
    const member = server.browser();
    await redeem(member, (await add('钱益彰')).token);
    const other = (
      await office.post<CreatedConsultation>('/api/consultations', { title: '另一场' })
    ).body;
    await member.post('/api/join', { code: other.code });
    const there = await member.get<{ me: { role: string } }>(`/api/consultations/${other.id}`);
    const here = await member.get<{ me: { role: string } }>(`/api/consultations/${room.id}`);
    expect([there.body.me.role, here.body.me.role]).toEqual(['public', 'member']);
  });
});

test('[LGN6] only failures count: a whole hall enters from one address, and a guesser is slowed down', async () => {
  const hall = await openTestApp();
  const citizens = await hall.officer();
  const { body } = await citizens.post<CreatedConsultation>('/api/consultations', {
    title: '大厅',
  });
  for (let count = 0; count < 200; count += 1) {
    expect((await hall.browser().post('/api/join', { code: body.code })).status).toBe(200);
  }
  const guesses: number[] = [];
  for (let count = 0; count < 80; count += 1) {
    guesses.push((await redeem(hall.browser(), `guess-number-${count}`)).status);
  }
  expect(guesses.slice(0, 50).every((status) => status === 404)).toBe(true);
  expect(guesses.at(-1)).toBe(429);
  expect((await hall.browser().post('/api/join', { code: body.code })).status).toBe(200);
  await hall.close();
});
