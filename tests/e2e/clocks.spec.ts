// What clocks show, on devices whose own clocks are wrong: the instants at which two screens change to the same figure
// are compared by the browsers' common clock, which no page can set.
import { expect, test, type Locator } from '@playwright/test';
import { startServer, type StartedServer } from '../helpers/server.ts';
import { arrive, desktop, phone, projector, type Person } from './people.ts';

/** Milliseconds that two screens may be apart. */
const TOGETHER = 300;
const WATCHED_MS = 4_000;

let server: StartedServer;
let desk: Person;
let wrong: Person;
let screen: Person;

test.beforeAll(async ({ browser }) => {
  server = await startServer();
  const { demo } = server.links;
  desk = await arrive(browser, demo.moderator, desktop);
  screen = await arrive(browser, demo.screen, projector);
  wrong = await arrive(browser, demo.members[1]!, phone, {
    clock: { ahead: 7 * 60_000, rate: 1.002 },
  });
  await desk.page.getByRole('button', { name: /^下一位/ }).click();
  await expect(timeOn(desk)).toBeVisible();
  await wrong.page.getByRole('button', { name: /^发言/ }).first().tap();
  await expect(timeOn(wrong)).toBeVisible();
});
test.afterAll(async () => {
  for (const person of [desk, wrong, screen]) await person?.context.close();
  await server?.stop();
});

const timeOn = (person: Person): Locator =>
  person === screen
    ? person.page.locator('.clock strong')
    : person.page.locator('.speaker .time').first();

/** When each figure appeared, by the clock that all pages of this machine share. */
const changesOn = (person: Person): Promise<Record<string, number>> =>
  timeOn(person).evaluate(
    (element, watched) =>
      new Promise<Record<string, number>>((resolve) => {
        const figure = () => /\+?\d+:\d\d/.exec(element.textContent ?? '')?.[0] ?? '';
        const seen: Record<string, number> = {};
        let last = figure();
        const observer = new MutationObserver(() => {
          if (figure() === last) return;
          last = figure();
          seen[last] = performance.timeOrigin + performance.now();
        });
        observer.observe(element, { characterData: true, childList: true, subtree: true });
        setTimeout(() => {
          observer.disconnect();
          resolve(seen);
        }, watched);
      }),
    WATCHED_MS,
  );

/** The furthest that two screens were apart over the figures that both showed. */
async function apart(...people: Person[]): Promise<number> {
  const [first, ...others] = await Promise.all(people.map(changesOn));
  const differences = others.flatMap((other) =>
    Object.entries(other).flatMap(([figure, at]) => {
      const same = first?.[figure];
      return same === undefined ? [] : [Math.abs(at - same)];
    }),
  );
  expect(differences.length).toBeGreaterThan(1);
  return Math.max(...differences);
}

test('[CLI24] a phone that is seven minutes ahead and drifts shows what the desk and the hall show', async () => {
  expect(await apart(desk, wrong, screen)).toBeLessThan(TOGETHER);
});

test('[CLI24] after a reload it still does', async () => {
  await wrong.page.reload();
  await wrong.page.getByRole('button', { name: /^发言/ }).first().tap();
  await expect(timeOn(wrong)).toBeVisible();
  expect(await apart(desk, wrong)).toBeLessThan(TOGETHER);
});

test('[CLI24] after a sleep in which nothing ran it does again', async () => {
  const asleep = await wrong.context.newCDPSession(wrong.page);
  const before = await timeOn(desk).innerText();
  await asleep.send('Page.setWebLifecycleState', { state: 'frozen' });
  // it sleeps while the desk counts four seconds
  const seconds = (text: string) =>
    text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  await expect
    .poll(async () => seconds(before) - seconds(await timeOn(desk).innerText()))
    .toBeGreaterThan(3);
  await asleep.send('Page.setWebLifecycleState', { state: 'active' });
  expect(await apart(desk, wrong)).toBeLessThan(TOGETHER);
});
