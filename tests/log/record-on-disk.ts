// A record on a database of its own, with the meeting `m1` under way where a test wants it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openDatabase, type Database } from '../../server/database/open.ts';
import {
  createRecord,
  type ConsultationRecord,
  type Handled,
  type RecordParts,
} from '../../server/log/record.ts';
import { createLogStore, type LogStore } from '../../server/log/store.ts';
import type { Actor } from '../../shared/log/envelope.ts';
import { everyone, mona, START } from '../shared/consultation/meeting.ts';

export const system: Actor = { person: 'system', role: 'system', name: '' };

export interface RecordOnDisk {
  readonly database: Database;
  readonly store: LogStore;
  /** A record over the same store; each of them is a node of its own. */
  node(parts?: Partial<RecordParts>): ConsultationRecord;
  close(): Promise<void>;
}

export async function recordOnDisk(): Promise<RecordOnDisk> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'shangliang-record-'));
  const database = await openDatabase({ dataDir });
  const store = createLogStore(database);
  const nodes: ConsultationRecord[] = [];
  return {
    database,
    store,
    node(parts) {
      let now = START;
      const node = createRecord({
        store,
        withDraft: (_consultation, card, table) =>
          table({ card, text: `意见 ${card}`, textHash: card, author: 'alice', lane: 'l' }),
        project: async () => undefined,
        receipt: () => 'R1',
        now: () => (now += 1_000),
        ...parts,
      });
      nodes.push(node);
      return node;
    },
    async close() {
      for (const node of nodes) await node.close();
      await database.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

let commands = 0;
export const send = (
  to: ConsultationRecord,
  actor: Actor,
  type: string,
  data: unknown = {},
  commandId = `command-${(commands += 1)}`,
): Promise<Handled> => to.handle('m1', { commandId, type, data }, actor);

export const create = (to: ConsultationRecord): Promise<Handled> => {
  const form = { hall: true, onsite: false, mobile: false, groups: false };
  const described = {
    title: '题',
    host: '',
    form,
    code: 'ABCD2345',
    startsAt: START,
    sample: true,
  };
  return to.create({ id: 'm1', ...described }, system, 'create');
};

export async function underWay(to: ConsultationRecord): Promise<void> {
  await create(to);
  for (const { person, name, role, unit } of everyone) {
    if (role === 'public' || role === 'screen') continue;
    await send(to, system, 'participant.add', { person, participant: { name, role, unit } });
  }
  const stages = [
    { id: 'a', title: '开场', minutes: 3 },
    { id: 'b', title: '发言', minutes: 9 },
  ];
  await send(to, mona, 'agenda.set', { stages });
  await send(to, mona, 'consultation.open');
}
