import { afterEach, beforeEach, expect, test } from 'vitest';
import { EarlierAnswers } from '../../server/similar/earlier-answers.ts';
import type { ReleasedRecord } from '../../server/similar/parts.ts';
import { Vocabulary } from '../../server/similar/similar-index.ts';
import { termsOf } from '../../server/similar/words.ts';
import type { ConsultationRecord } from '../../server/log/record.ts';
import { initialState, type RecordedConsultationEvent } from '../../shared/consultation/index.ts';
import { recordOnDisk, send, underWay, type RecordOnDisk } from '../log/record-on-disk.ts';
import { dan, guest, mona } from '../shared/consultation/meeting.ts';

const words = '背街小巷的路灯一半不亮，下夜班的姑娘要打着手电走';
const asked = termsOf('巷子里晚上黑，路灯坏了好久');
/** Someone in another consultation asks, and both are fictional. */
const elsewhere = { ...initialState, lifecycle: { ...initialState.lifecycle, sample: true } };

let disk: RecordOnDisk;
let record: ConsultationRecord;
let now: number;
let reads: number;
beforeEach(async () => {
  disk = await recordOnDisk();
  record = disk.node();
  now = 0;
  reads = 0;
  await underWay(record);
});
afterEach(() => disk.close());

function released(): ReleasedRecord {
  const { store } = disk;
  return {
    async heads(after, limit) {
      const heads = await store.heads(`consultation/${after}`, limit);
      return heads.map(({ stream, seq }) => ({ consultation: stream.split('/')[1]!, seq }));
    },
    async read(id, after, limit, types) {
      reads += 1;
      const events = await store.read(`consultation/${id}`, after, limit, types);
      return events as RecordedConsultationEvent[];
    },
  };
}

const openAnswers = () =>
  new EarlierAnswers(new Vocabulary(), {
    record: released(),
    onFault: (fault) => {
      throw fault;
    },
    now: () => now,
  });

async function ask(answers: EarlierAnswers): Promise<(string | undefined)[]> {
  await answers.upToDate();
  const found = await answers.find(asked, elsewhere);
  return found.map(({ opinion }) => opinion.text);
}

/** A citizen's words, accepted by the desk, answered and published. */
async function answered(): Promise<string> {
  await send(record, guest, 'submission.send', { text: words, consent: true }, 'said');
  await send(record, mona, 'submission.accept', { submission: 'said' }, 'opinion');
  await send(record, mona, 'opinion.assign', { opinion: 'opinion', lead: dan.unit });
  const data = { opinion: 'opinion', text: '两天内修好', stance: 'adopt', publish: true };
  expect(await send(record, dan, 'response.record', data, 'response')).toHaveProperty('ok');
  return 'response';
}

test('[SIM5] what was answered before the start is read from the record', async () => {
  await answered();
  const answers = openAnswers();
  expect(await ask(answers)).toEqual([words]);
  await answers.close();
});

test('[SIM5] what is answered here is heard at once, without a look at SQL', async () => {
  const answers = openAnswers();
  record.onAppended((id, events) => answers.hear(id, events));
  expect(await ask(answers)).toEqual([]);
  reads = 0;
  await answered();
  expect(await answers.find(asked, elsewhere)).toHaveLength(1);
  // the one look is for the guest's words, which may have been erased
  expect(reads).toBe(1);
  await answers.close();
});

test('[SIM7] what another node publishes is known within five seconds of asking, and once', async () => {
  const answers = openAnswers();
  expect(await ask(answers)).toEqual([]);
  await answered();
  expect(await ask(answers)).toEqual([]);
  now += 5_000;
  await answers.upToDate();
  await expect.poll(() => answers.size).toBe(1);
  expect(await ask(answers)).toEqual([words]);
  now += 5_000;
  expect(await ask(answers)).toEqual([words]);
  await answers.close();
});

test('an event that was heard and read is folded in once; one with a gap before it is left to reading', async () => {
  await answered();
  const { events } = (await record.open('m1'))!;
  const answers = openAnswers();
  answers.hear('m1', events.slice(-2));
  expect(answers.size).toBe(0);
  expect(await ask(answers)).toEqual([words]);
  answers.hear('m1', events.slice(-2));
  answers.hear('m1', events);
  expect(await ask(answers)).toEqual([words]);
  await answers.close();
});

test('a corrected answer is shown corrected', async () => {
  const response = await answered();
  const answers = openAnswers();
  record.onAppended((id, events) => answers.hear(id, events));
  await ask(answers);
  const data = { response, text: '一周内修好', stance: 'partly', why: '备件未到' };
  expect(await send(record, dan, 'response.correct', data)).toHaveProperty('ok');
  const [found] = await answers.find(asked, elsewhere);
  expect(found?.state.responses[response]?.current.text).toBe('一周内修好');
  await answers.close();
});

test('[SIM8] words that were erased are not shown, although they were known before', async () => {
  await answered();
  const answers = openAnswers();
  expect(await ask(answers)).toEqual([words]);
  expect(await disk.store.erase(guest.person)).toBeGreaterThan(0);
  expect(await ask(answers)).toEqual([]);
  expect(answers.size).toBe(0);
  await answers.close();
});

test('closing in the middle of reading ends it', async () => {
  await answered();
  const answers = openAnswers();
  void answers.upToDate();
  await answers.close();
  expect(answers.size).toBe(0);
});
