import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SimilarSearch } from '../../client/similar/similar-search.svelte.ts';
import type { Answer } from '../../client/ui/api.ts';
import type { Similar } from '../../shared/wire/rest.ts';

const found = (id: string): Similar => ({
  source: 'opinion',
  id,
  consultation: 'm1',
  title: '题',
  text: id,
  score: 0.5,
  at: 0,
});
const text = '巷子里的路灯坏了很久';

interface Question {
  readonly body: object;
  answer(answer: Answer<Similar[]>): Promise<void>;
}
let questions: Question[];
let search: SimilarSearch;
beforeEach(() => {
  vi.useFakeTimers();
  questions = [];
  search = new SimilarSearch('m1', {
    ask: (_path, body) =>
      new Promise((resolve) => {
        const answer = async (given: Answer<Similar[]>) => {
          resolve(given);
          await vi.advanceTimersByTimeAsync(0);
        };
        questions.push({ body, answer });
      }),
  });
});
afterEach(() => {
  search.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});
const pause = (ms: number) => vi.advanceTimersByTime(ms);

describe('[SIM9] the server is asked', () => {
  test('after a pause, once for all that was typed', () => {
    for (let end = 4; end <= text.length; end += 1) {
      search.follow(text.slice(0, end), 'card');
      pause(200);
    }
    expect(questions).toEqual([]);
    pause(800);
    expect(questions.map(({ body }) => body)).toEqual([{ text, except: 'card' }]);
  });

  test('not about less than eight characters, and not twice about the same', async () => {
    search.follow('路灯坏了');
    pause(5_000);
    expect(questions).toEqual([]);
    search.follow(text);
    pause(800);
    await questions[0]!.answer({ body: [found('a')] });
    search.follow(`${text}  `);
    search.composing = false;
    pause(5_000);
    expect(questions).toHaveLength(1);
  });

  test('not while an input method composes, but after it', () => {
    search.follow(text);
    search.composing = true;
    search.follow(`${text}deng`);
    pause(5_000);
    expect(questions).toEqual([]);
    search.follow(`${text}灯`);
    search.composing = false;
    pause(800);
    expect(questions.map(({ body }) => body)).toEqual([{ text: `${text}灯` }]);
  });
});

test('[SIM9] the answer to an outdated text counts no more, whenever it comes', async () => {
  search.follow(text);
  pause(800);
  search.follow(`${text}，没人修`);
  pause(800);
  await questions[1]!.answer({ body: [found('new')] });
  await questions[0]!.answer({ body: [found('old')] });
  expect(search.found.map(({ id }) => id)).toEqual(['new']);
});

test('what was found goes with its text: wiped, or another card', async () => {
  search.follow(text, 'a');
  pause(800);
  await questions[0]!.answer({ body: [found('x')] });
  search.follow('', 'a');
  expect(search.found).toEqual([]);
  search.follow(text, 'b');
  pause(800);
  expect(questions).toHaveLength(2);
  await questions[1]!.answer({ body: [found('y')] });
  search.follow(text, 'c');
  expect(search.found).toEqual([]);
});

test('[SIM10] without an answer nothing is said, and the same text is asked about again later', async () => {
  search.follow(text);
  pause(800);
  await questions[0]!.answer({ refused: { code: 'busy', message: '' } });
  expect(search.found).toEqual([]);
  pause(5_000);
  expect(questions).toHaveLength(1);
  search.composing = false;
  pause(800);
  expect(questions).toHaveLength(2);
});
