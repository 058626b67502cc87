// How many commands a second are decided and on disk: `node tests/bench/commands.ts [seconds] [directory]`.
// The load: so many people, each sends the next command when the last is answered.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openDatabase } from '../../server/database/open.ts';
import { createRecord, type ConsultationRecord } from '../../server/log/record.ts';
import { createLogStore } from '../../server/log/store.ts';
import type { Actor } from '../../shared/log/envelope.ts';
import { isRefused } from '../../shared/refusal.ts';

const seconds = Number(process.argv[2] ?? 5);
const parent = process.argv[3] ?? tmpdir();
const PEOPLE = 60;
const mona: Actor = { person: 'mona', role: 'moderator', name: '言正清' };
const form = { hall: true, onsite: false, mobile: false, groups: false };

async function prepare(record: ConsultationRecord, id: string): Promise<Actor[]> {
  const created = { id, title: id, host: '', form, code: id, startsAt: 0, sample: true };
  await record.create(created, { ...mona, role: 'system' }, 'create');
  const people = Array.from({ length: PEOPLE }, (_, n): Actor => ({
    person: `p${n}`,
    role: 'member',
    name: `委员 ${n}`,
  }));
  for (const { person, name } of people) {
    const data = { person, participant: { name, role: 'member' } };
    await record.handle(id, { commandId: `add-${person}`, type: 'participant.add', data }, mona);
  }
  await record.handle(id, { commandId: 'open', type: 'consultation.open', data: {} }, mona);
  return people;
}

async function measure(consultations: number): Promise<void> {
  const dataDir = mkdtempSync(path.join(parent, 'shangliang-bench-'));
  const database = await openDatabase({ dataDir });
  const record = createRecord({
    store: createLogStore(database),
    withDraft: (_consultation, _card, table) => table(undefined),
    project: async () => undefined,
    receipt: () => 'R',
  });
  const took: number[] = [];
  const ids = Array.from({ length: consultations }, (_, n) => `m${n}`);
  const rooms: { id: string; people: Actor[] }[] = [];
  for (const id of ids) rooms.push({ id, people: await prepare(record, id) });
  const start = performance.now();
  const end = start + seconds * 1_000;

  async function person(id: string, actor: Actor): Promise<void> {
    for (let n = 0; performance.now() < end; n += 1) {
      const began = performance.now();
      const type = n % 2 ? 'floor.withdraw' : 'floor.raise';
      const message = { commandId: `${actor.person}-${n}`, type, data: {} };
      const answer = await record.handle(id, message, actor);
      if (isRefused(answer)) throw new Error(`${type} was refused: ${answer.refused.code}`);
      took.push(performance.now() - began);
    }
  }
  await Promise.all(rooms.flatMap(({ id, people }) => people.map((actor) => person(id, actor))));
  const rate = (took.length / (performance.now() - start)) * 1_000;
  took.sort((a, b) => a - b);
  const quantile = (q: number) => (took[Math.floor(took.length * q)] ?? 0).toFixed(1);
  console.log(
    `${consultations} consultation(s) × ${PEOPLE} people: ${rate.toFixed(0)} commands/s, p50 ${quantile(0.5)} ms, p99 ${quantile(0.99)} ms`,
  );
  await record.close();
  await database.close();
  rmSync(dataDir, { recursive: true, force: true });
}

for (const consultations of [1, 4]) await measure(consultations);
