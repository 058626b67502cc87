// Similar opinions: a member writes and sees what was answered a year ago; the desk sees that a citizen's words repeat it.
import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import type { AddedParticipant, CreatedConsultation } from '../../shared/wire/rest.ts';
import { api, join, redeem } from '../helpers/api.ts';
import { startServer, type StartedServer } from '../helpers/server.ts';
import { arrive, desktop, phone } from './people.ts';

const slide =
  '社区滑梯坏了半年，物业说归街道，街道说等资金。希望挂个牌子写清谁管、几天修，扫码就能报修。';
const written = '小区儿童游乐设施坏了没人修，几个单位推来推去，希望扫码报修';

let server: StartedServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(() => server?.stop());

/** Another consultation, in which a citizen's words were accepted and answered; fictional like the demonstration. */
async function answeredEarlier({ url, links }: StartedServer): Promise<void> {
  const office = api(url, await redeem(url, links.office));
  const { id, code } = (
    await office.post<CreatedConsultation>('/api/consultations', {
      title: '加快儿童友好型城市建设',
      sample: true,
    })
  ).body;
  const path = `/api/consultations/${id}`;
  const people = [
    { name: '主持人甲', role: 'moderator', unit: '', title: '' },
    { name: '洁如新', role: 'department', unit: '区城管局', title: '副局长' },
  ];
  const added = (await office.post<AddedParticipant[]>(`${path}/participants`, people)).body;
  const [moderator, department] = await Promise.all(
    added.map(async ({ token }) => api(url, await redeem(url, `${url}/i/${token}`))),
  );
  const citizen = api(url, await join(url, `${url}/j/${code}`));
  const give = async (
    who: typeof citizen,
    type: string,
    data: object,
    commandId: string = randomUUID(),
  ) => {
    const answer = await who.post(`${path}/commands`, { commandId, type, data });
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  };
  await give(moderator!, 'consultation.open', {});
  await give(citizen, 'submission.send', { text: slide, consent: true }, 'said');
  await give(moderator!, 'submission.accept', { submission: 'said' }, 'heard');
  await give(moderator!, 'opinion.assign', { opinion: 'heard', lead: '区城管局' });
  const commitments = [{ what: '滑梯修复，责任牌上墙', officer: '洁如新', days: 5 }];
  const data = { opinion: 'heard', text: '滑梯五日内修复。', stance: 'adopt', commitments };
  await give(department!, 'response.record', { ...data, publish: true });
}

test('a member sees the earlier answer; the desk sees it, and declines a repetition with one key and a look', async ({
  browser,
}) => {
  await answeredEarlier(server);
  const { demo } = server.links;
  const alice = await arrive(browser, demo.members[0]!, phone);
  await alice.page.getByRole('navigation').getByRole('button', { name: '写意见' }).click();
  await expect(alice.page.getByRole('textbox', { name: '编辑意见' })).toBeFocused();
  await alice.page.keyboard.insertText(written);
  const line = alice.page.getByRole('button', { name: /相似 1 条 · 已答复 1/ });
  await expect(line).toBeVisible();
  // it came without taking the caret
  await expect(alice.page.getByRole('textbox', { name: '编辑意见' })).toBeFocused();
  await line.click();
  const list = alice.page.getByRole('list', { name: '相似的意见' });
  await expect(list).toContainText(/\d{4}年《加快儿童友好型城市建设》第 1 号/);
  await expect(list).toContainText('区城管局 · 采纳');
  await expect(list).toContainText('滑梯五日内修复。');
  await expect(list).toContainText('承诺：滑梯修复，责任牌上墙');

  const citizen = await arrive(browser, demo.public, phone);
  await citizen.page.getByRole('button', { name: '我要提意见' }).click();
  await citizen.page.getByLabel('您的意见').fill(written);
  await expect(citizen.page.getByText('已有人提过相似的意见')).toBeVisible();
  await expect(citizen.page.getByText('滑梯五日内修复。')).toBeVisible();
  // a member's draft is not the citizens' to see
  await expect(citizen.page.getByText('草稿', { exact: true })).toHaveCount(0);
  await citizen.page.getByLabel('您的意见').fill(slide);
  await citizen.page.getByRole('checkbox').check();
  await citizen.page.getByRole('button', { name: '提交', exact: true }).click();
  await expect(citizen.page.getByText('已收到')).toBeVisible();

  const moderator = await arrive(browser, demo.moderator, desktop);
  const { page } = moderator;
  await page.getByRole('button', { name: slide }).click();
  await expect(page.getByText('可能此前已有答复')).toBeVisible();
  await page.keyboard.press('s');
  await expect(page.getByRole('list', { name: '相似的意见' })).toContainText('滑梯五日内修复。');
  await page.keyboard.press('d');
  const reasons = page.getByRole('group', { name: /不采用的理由/ });
  await reasons.getByRole('button', { name: /此前已有答复：.*第 1 号，区城管局采纳/ }).click();
  await expect(page.getByRole('button', { name: slide })).toHaveCount(0);
  for (const person of [alice, citizen, moderator]) {
    expect(person.faults).toEqual([]);
    await person.context.close();
  }
});
