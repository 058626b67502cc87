// How quickly similar opinions are found: `node tests/bench/similar.ts [opinions] [cards]`, on a SQLite file. The record
// holds so many answered opinions of other consultations; the asker's board holds so many cards.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { openDatabase } from '../../server/database/open.ts';
import { createLogStore, type LogStore } from '../../server/log/store.ts';
import { similarParts } from '../../server/similar-parts.ts';
import { findSimilar } from '../../server/similar/similar.ts';
import { initialState } from '../../shared/consultation/index.ts';
import type { Actor, NewEvent } from '../../shared/log/envelope.ts';
import { pool } from '../similar/opinion-pool.ts';
import { similarPairs } from '../similar/similar-pairs.ts';

const OPINIONS = Number(process.argv[2] ?? 20_000);
const CARDS = Number(process.argv[3] ?? 200);
const PER_CONSULTATION = 20;
const QUESTIONS = 400;
const alice: Actor = { person: 'alice', role: 'member', name: '钱益彰' };

/** Sentences of the pool in ever new company: no two opinions alike, every word as common as it would be. */
function texts(count: number): string[] {
  const sentences = Object.values(pool).flatMap((text) => text.match(/[^。？！]+[。？！]/gu) ?? []);
  const places = ['青石里', '望泉', '槐柳', '东关', '北环', '南湖', '杏林', '文昌', '柳林', '石桥'];
  let seed = 20_260_101;
  const next = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % below;
  };
  return Array.from(
    { length: count },
    () =>
      places[next(places.length)]! +
      Array.from({ length: 3 }, () => sentences[next(sentences.length)]!).join(''),
  );
}

function meeting(id: string, said: readonly string[]): NewEvent[] {
  const form = { hall: true, onsite: false, mobile: false, groups: false };
  const created = { id, title: id, host: '', form, code: id, startsAt: 0, sample: false };
  const authors = [{ person: 'a', name: '甲', unit: '', title: '' }];
  const answered = said.flatMap((text, at): NewEvent[] => {
    const opinion = { id: `o${at}`, no: at + 1, text, authors, source: 'room', tabledAt: at };
    const answer = { text: '已采纳，三十日内办结。', stance: 'adopt', commitments: [] };
    const data = {
      response: `r${at}`,
      opinion: `o${at}`,
      unit: '区住建局',
      answer,
      recordedAt: at,
    };
    return [
      { type: 'opinion.published', data: { opinion } },
      { type: 'response.published', data },
    ];
  });
  return [{ type: 'consultation.created', data: created }, ...answered];
}

async function write(store: LogStore): Promise<void> {
  const all = texts(OPINIONS);
  for (let at = 0; at < all.length; at += PER_CONSULTATION) {
    const id = `c${String(at).padStart(6, '0')}`;
    const events = meeting(id, all.slice(at, at + PER_CONSULTATION));
    const place = { stream: `consultation/${id}`, expectedSeq: 0 };
    await store.append({ ...place, events, actor: alice, at: 0, commandId: 'all' });
  }
}

const dataDir = mkdtempSync(path.join(tmpdir(), 'shangliang-bench-'));
const database = await openDatabase({ dataDir });
const store = createLogStore(database);
await write(store);
const drafts = texts(CARDS).map((text, at) => ({
  card: `d${at}`,
  author: 'alice',
  text,
  createdAt: at,
}));
const onFault = (fault: unknown) => {
  throw fault;
};
const boards = { read: () => Promise.reject(new Error('no board here')) };
const parts = similarParts({ store, boards, onFault });
const similar = findSimilar({ ...parts, drafts: async () => drafts });
const live = { state: { ...initialState, id: 'here', seq: 1 } };
const queries = similarPairs.map(([query]) => query);
const ask = (at: number) =>
  similar.find(alice, live, {
    text: `${queries[at % queries.length]!}，${queries[(at * 7) % 30]!}`,
  });

const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
const began = performance.now();
const answers = await ask(0);
console.log(
  `first answer after ${(performance.now() - began).toFixed(0)} ms, ${answers.length} found`,
);
// until the last answer is read, others are asked for: that is what the room does meanwhile
while (similar.size() < OPINIONS) {
  await ask(1);
  await new Promise((resolve) => setTimeout(resolve, 50));
}
delay.disable();
const read = ((performance.now() - began) / 1_000).toFixed(1);
const held = (quantile: number) => (delay.percentile(quantile) / 1e6).toFixed(0);
console.log(
  `${OPINIONS} answers read in ${read} s; the loop was held up ${held(50)} ms (p50), ${held(99)} ms (p99), ${(delay.max / 1e6).toFixed(0)} ms (most)`,
);
const took: number[] = [];
const cpu = process.cpuUsage();
for (let at = 0; at < QUESTIONS; at += 1) {
  const start = performance.now();
  await ask(at);
  took.push(performance.now() - start);
}
const { user, system } = process.cpuUsage(cpu);
const each = ((user + system) / QUESTIONS / 1_000).toFixed(1);
took.sort((a, b) => a - b);
const quantile = (q: number) => (took[Math.floor(took.length * q)] ?? 0).toFixed(1);
const memory = (process.memoryUsage().rss / 1e6).toFixed(0);
console.log(
  `${QUESTIONS} questions beside ${CARDS} cards: p50 ${quantile(0.5)} ms, p95 ${quantile(0.95)} ms, p99 ${quantile(0.99)} ms, ${each} ms of a core each; ${memory} MB in all`,
);
await similar.close();
await database.close();
rmSync(dataDir, { recursive: true, force: true });
