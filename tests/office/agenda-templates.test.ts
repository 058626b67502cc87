import { afterAll, beforeAll, expect, test } from 'vitest';
import type {
  AddedParticipant,
  AgendaTemplate,
  ConsultationAnswer,
  CreatedConsultation,
} from '../../shared/wire/rest.ts';
import { openTestApp, type Browser, type TestApp } from '../helpers/app.ts';

interface Refusing {
  readonly refused: { readonly code: string; readonly field?: string };
}

const path = '/api/agenda-templates';
let server: TestApp;
let office: Browser;
beforeAll(async () => {
  server = await openTestApp();
  office = await server.officer();
});
afterAll(() => server.close());

const stages = [
  { title: '开场', kind: 'opening', minutes: 2 },
  { title: '面对面', kind: 'questions', minutes: 40, speechMinutes: 2, switches: { guests: true } },
];
const names = async () => (await office.get<AgendaTemplate[]>(path)).body.map(({ name }) => name);
const agendaOf = async (id: string) =>
  (await office.get<ConsultationAnswer>(`/api/consultations/${id}`)).body.state.agenda.stages;

test('[AGD6] the usual two hours are always there, first, and nobody’s to change', async () => {
  const [usual] = (await office.get<AgendaTemplate[]>(path)).body;
  expect(usual).toMatchObject({ id: 'usual', builtIn: true });
  expect(usual!.stages.reduce((sum, { minutes }) => sum + minutes, 0)).toBe(120);
  expect((await office.remove(`${path}/usual`)).status).toBe(403);
  const forged = { id: 'usual', name: '短会', stages };
  expect((await office.post(path, forged)).status).toBe(403);
});

test('[AGD6] the office saves, changes and removes templates; a name is given once', async () => {
  const saved = (await office.post<AgendaTemplate>(path, { name: '短会', stages })).body;
  expect(saved.stages).toMatchObject([{ id: 's1' }, { id: 's2', switches: { guests: true } }]);
  const again = await office.post<Refusing>(path, { name: ' 短会 ', stages });
  expect(again.body.refused).toMatchObject({ code: 'already', field: 'name' });
  const { id } = saved;
  expect((await office.post(path, { id, name: '更短的会', stages: stages.slice(1) })).status).toBe(
    200,
  );
  expect(await names()).toEqual([expect.stringContaining('120'), '更短的会']);
  expect((await office.remove(`${path}/${id}`)).status).toBe(200);
  expect((await office.remove(`${path}/${id}`)).status).toBe(404);
  expect(await names()).toHaveLength(1);
});

test('[AGD6] a new consultation begins from the template chosen, and keeps its agenda when that is gone', async () => {
  const { id } = (await office.post<AgendaTemplate>(path, { name: '一小时', stages })).body;
  const create = (agenda?: string) =>
    office.post<CreatedConsultation & Partial<Refusing>>('/api/consultations', {
      title: '加装电梯',
      ...(agenda === undefined ? {} : { agenda }),
    });
  const short = (await create(id)).body.id;
  await office.remove(`${path}/${id}`);
  expect(await agendaOf(short)).toMatchObject([
    { title: '开场', minutes: 2 },
    { title: '面对面', speechMinutes: 2, switches: { guests: true } },
  ]);
  expect(await agendaOf((await create()).body.id)).toHaveLength(10);
  const gone = await create(id);
  expect([gone.status, gone.body.refused?.field]).toEqual([404, 'agenda']);
});

test('[AGD6] templates are the office’s: nobody else reads, saves or removes one', async () => {
  const room = (await office.post<CreatedConsultation>('/api/consultations', { title: '题' })).body;
  const added = await office.post<AddedParticipant[]>(
    `/api/consultations/${room.id}/participants`,
    [{ name: '某人', role: 'moderator' }],
  );
  const moderator = server.browser();
  await moderator.post('/api/invitations/redeem', { token: added.body[0]!.token });
  expect((await moderator.get(path)).status).toBe(403);
  expect((await moderator.post(path, { name: '我的', stages })).status).toBe(403);
  expect((await moderator.remove(`${path}/x`)).status).toBe(403);
  expect((await server.browser().get(path)).status).toBe(401);
});

test('[AGD6] what is no agenda is no template', async () => {
  const twice = [
    { id: 'a', title: '一', minutes: 1 },
    { id: 'a', title: '二', minutes: 1 },
  ];
  for (const wrong of [[], twice, [{ title: '', minutes: 1 }], [{ title: '一', minutes: -1 }]]) {
    expect((await office.post(path, { name: '错', stages: wrong })).status).toBe(422);
  }
});
