import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../server/database/open.ts';
import {
  createAgendaTemplates,
  type AgendaTemplates,
} from '../../server/office/agenda-templates.ts';
import type { Actor } from '../../shared/log/envelope.ts';
import { isRefused } from '../../shared/refusal.ts';
import { databases, type Place } from './databases.ts';

const officer: Actor = { person: 'olga', role: 'officer', name: '专班' };
const stages = [{ title: '开场', minutes: 3 }];

describe.each(databases)('agenda templates on %s', (_name, makePlace) => {
  let place: Place;
  let database: Database;
  let templates: AgendaTemplates;
  beforeAll(async () => {
    place = await makePlace();
    database = await place.open();
    let ids = 0;
    const newId = (prefix: string) => `${prefix}${(ids += 1)}`;
    templates = createAgendaTemplates({ database, newId, now: () => 1 });
  });
  afterAll(async () => {
    await database.close();
    await place.remove();
  });

  test('[AGD6] what is saved is listed, changed by its id, and gone when removed', async () => {
    const saved = await templates.save({ name: '甲', stages }, officer);
    if (isRefused(saved)) throw new Error('refused');
    await templates.save({ id: saved.id, name: '乙', stages: [...stages, ...stages] }, officer);
    const list = await templates.list(officer);
    expect(list).toMatchObject([{ id: 'usual' }, { id: saved.id, name: '乙' }]);
    expect(await templates.stagesOf(saved.id)).toMatchObject([
      { id: 's1', kind: 'other' },
      { id: 's2' },
    ]);
    expect(await templates.remove(saved.id, officer)).toEqual({ ok: true });
    expect(await templates.stagesOf(saved.id)).toBeUndefined();
  });

  test('[AGD6] of two who save under one name at once, one does', async () => {
    const answers = await Promise.all(
      [1, 2].map(() => templates.save({ name: '同名', stages }, officer)),
    );
    expect(answers.filter(isRefused)).toHaveLength(1);
  });
});
