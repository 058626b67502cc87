import { randomUUID } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { readHistoryPage } from '../../shared/board/history-page.ts';
import { addCard, cardBody, cardText, removeCard } from '../../shared/board/schema.ts';
import type { Actor } from '../../shared/log/envelope.ts';
import type { CardAuthors } from '../../shared/wire/board-past.ts';
import type { AddedParticipant, CreatedConsultation } from '../../shared/wire/rest.ts';
import { openTestApp, type Browser, type TestApp } from '../helpers/app.ts';

interface Refusing {
  readonly refused: { readonly code: string; readonly field?: string };
}

let server: TestApp;
let office: Browser;
let room: CreatedConsultation;
let path: string;
let board: string;

beforeAll(async () => {
  server = await openTestApp();
  office = await server.officer();
});
afterAll(() => server.close());
beforeEach(async () => {
  const wanted = { title: '破解老旧小区难题', host: '槐柳街道' };
  room = (await office.post<CreatedConsultation>('/api/consultations', wanted)).body;
  path = `/api/consultations/${room.id}`;
  board = `${path}/board`;
});

async function enter(role: string, name: string): Promise<Browser & { actor: Actor }> {
  const people = [{ name, role, unit: '', title: '' }];
  const added = await office.post<AddedParticipant[]>(`${path}/participants`, people);
  const { token, id } = added.body[0]!;
  const browser = server.browser();
  await browser.post('/api/invitations/redeem', { token });
  return { ...browser, actor: { person: id, role, name } as Actor };
}

const write = (actor: Actor, text: string) =>
  server.app.boards.edit(room.id, actor, (doc) =>
    addCard(doc, { id: 'c1', lane: 'lane-hall', author: actor.person, text, createdAt: 1 }),
  );
const give = (browser: Browser, type: string, data: object = {}) =>
  browser.post(`${path}/commands`, { commandId: randomUUID(), type, data });
const text = () => server.app.boards.read(room.id, (doc) => cardText(doc, 'c1'));

test('[HIS1] whoever reads the board is told who wrote what of a card, and nobody else', async () => {
  const alice = await enter('member', '艾委员');
  const bob = await enter('member', '白委员');
  const observer = await enter('observer', '欧旁听');
  await write(alice.actor, '甲乙');
  await server.app.boards.edit(room.id, bob.actor, (doc) => cardBody(doc, 'c1')!.insert(1, '子'));
  const { body, status } = await observer.get<CardAuthors>(`${board}/cards/c1/authors`);
  expect(status).toBe(200);
  expect(body.runs.map(({ person, text: words }) => [person, words])).toEqual([
    [alice.actor.person, '甲'],
    [bob.actor.person, '子'],
    [alice.actor.person, '乙'],
  ]);
  expect(body.record).toEqual([]);
  expect((await alice.get(`${board}/cards/none/authors`)).status).toBe(404);
});

test('[HIS1] whoever has left the roster keeps their words, and their name on them', async () => {
  const alice = await enter('member', '艾委员');
  const bob = await enter('member', '白委员');
  const mona = await enter('moderator', '莫主持');
  await write(alice.actor, '甲乙');
  const { person } = alice.actor;
  await give(mona, 'participant.remove', { person });
  expect((await server.app.record.open(room.id))!.state.roster[person]).toBeUndefined();
  const { body } = await bob.get<CardAuthors>(`${board}/cards/c1/authors`);
  expect(body.names).toEqual({ [person]: '艾委员' });
  const { rawPayload } = await server.app.http.inject({
    url: `${board}/history`,
    cookies: { ...bob.cookies() },
  });
  expect(readHistoryPage(rawPayload).names).toEqual({ [person]: '艾委员' });
});

test('[HIS1] a tabled card tells its draft’s authors and what the record did to it', async () => {
  const alice = await enter('member', '艾委员');
  const mona = await enter('moderator', '莫主持');
  await write(alice.actor, '甲乙');
  await give(mona, 'consultation.open');
  await give(alice, 'opinion.table', { card: 'c1' });
  const state = (await server.app.record.open(room.id))!.state;
  const opinion = Object.keys(state.opinions)[0]!;
  await give(alice, 'opinion.revise', { opinion, text: '甲乙丙', reason: '补充' });
  const { body } = await alice.get<CardAuthors>(`${board}/cards/c1/authors`);
  const { person } = alice.actor;
  expect(body.runs).toMatchObject([{ person, text: '甲乙' }]);
  expect(body.record).toMatchObject([
    { kind: 'tabled', person, name: '艾委员', text: '甲乙' },
    { kind: 'revised', person, name: '艾委员', text: '甲乙丙', reason: '补充' },
  ]);
});

test('[HIS2] the history is read page by page, compressed where that is understood', async () => {
  const alice = await enter('member', '艾委员');
  await write(alice.actor, '甲乙');
  const url = `${board}/history?after=0`;
  const plain = await server.app.http.inject({ url, cookies: { ...alice.cookies() } });
  const small = await server.app.http.inject({
    url,
    cookies: { ...alice.cookies() },
    headers: { 'accept-encoding': 'br, gzip' },
  });
  expect(plain.headers['content-type']).toBe('application/octet-stream');
  expect(small.headers['content-encoding']).toBe('gzip');
  expect(gunzipSync(small.rawPayload)).toEqual(plain.rawPayload);
  const { rows, head } = readHistoryPage(plain.rawPayload);
  expect(rows.map(({ seq, kind, person }) => [seq, kind, person])).toEqual([
    [1, 'update', 'system'],
    [2, 'update', alice.actor.person],
  ]);
  expect(head).toBe(2);
});

test('[HIS1][HIS2][HIS3] to those outside, a board that is there is one that isn’t', async () => {
  const alice = await enter('member', '艾委员');
  await write(alice.actor, '甲乙');
  const guest = server.browser();
  await guest.post('/api/join', { code: room.code });
  const there = { path, board };
  path = `/api/consultations/${(await office.post<CreatedConsultation>('/api/consultations', { title: '别处' })).body.id}`;
  const stranger = await enter('moderator', '别处的主持');
  ({ path, board } = there);
  for (const browser of [guest, stranger]) {
    const told = ({ status, body }: { status: number; body: unknown }) => ({ status, body });
    const here = [
      await browser.get(`${board}/cards/c1/authors`),
      await browser.get(`${board}/history`),
      await browser.post(`${board}/restore`, { card: 'c1', seq: 1 }),
    ];
    const elsewhere = '/api/consultations/none/board';
    const notThere = [
      await browser.get(`${elsewhere}/cards/c1/authors`),
      await browser.get(`${elsewhere}/history`),
      await browser.post(`${elsewhere}/restore`, { card: 'c1', seq: 1 }),
    ];
    expect(here.map(told)).toEqual(notThere.map(told));
    expect(here.map(({ status }) => status)).toEqual([404, 404, 404]);
  }
  const nobody = await server.browser().get(`${board}/history`);
  expect(nobody.status).toBe(401);
});

test('[HIS3] only who conducts restores; twice is once; tabled and archived not at all', async () => {
  const alice = await enter('member', '艾委员');
  const clerk = await enter('clerk', '柯记录');
  const mona = await enter('moderator', '莫主持');
  await write(alice.actor, '甲乙');
  await server.app.boards.edit(room.id, alice.actor, (doc) => removeCard(doc, 'c1'));
  const restore = (browser: Browser, body: object = { card: 'c1', seq: 2 }) =>
    browser.post<Refusing>(`${board}/restore`, body);
  for (const browser of [alice, clerk]) {
    const { status, body } = await restore(browser);
    expect([status, body.refused.code]).toEqual([403, 'forbidden']);
  }
  expect(await text()).toBe('');
  expect((await restore(mona)).body).toEqual({ ok: true, changed: true });
  expect((await restore(mona)).body).toEqual({ ok: true, changed: false });
  expect(await text()).toBe('甲乙');
  const bad = await restore(mona, { card: 'c1', seq: 0 });
  expect([bad.status, bad.body.refused.field]).toEqual([422, 'seq']);
  await give(mona, 'consultation.open');
  await give(alice, 'opinion.table', { card: 'c1' });
  expect((await restore(mona)).body.refused.code).toBe('already_tabled');
  await give(mona, 'consultation.end');
  await give(mona, 'consultation.archive');
  expect((await restore(mona)).body.refused.code).toBe('not_open');
});

test('[HIS2] who asks too much too fast is asked to wait, and nobody else is', async () => {
  const alice = await enter('member', '艾委员');
  const bob = await enter('member', '白委员');
  const asked = Array.from({ length: 140 }, () => alice.get(`${board}/history?after=99`));
  const answers = await Promise.all(asked);
  expect(answers.some(({ status }) => status === 429)).toBe(true);
  expect((await bob.get(`${board}/history`)).status).toBe(200);
});

test('the interface’s description names the three', async () => {
  const { body } = await office.get<{ paths: Record<string, unknown> }>('/api/docs/json');
  const named = Object.keys(body.paths).filter((each) => each.includes('/board/'));
  expect(named.sort()).toEqual([
    '/api/consultations/{id}/board/cards/{card}/authors',
    '/api/consultations/{id}/board/history',
    '/api/consultations/{id}/board/restore',
  ]);
});
