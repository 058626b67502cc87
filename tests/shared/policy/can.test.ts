import { expect, test } from 'vitest';
import { consultationCommands } from '../../../shared/consultation/index.ts';
import { can, isAction } from '../../../shared/policy/can.ts';
import { guest, hallScreen, otto } from '../consultation/meeting.ts';

test('[CMD1] every command has its rule', () => {
  const names = Object.keys(consultationCommands);
  expect(names.filter((name) => !isAction(name))).toEqual([]);
});

test('names that every object has are no actions', () => {
  expect(['constructor', '__proto__', 'toString'].filter(isAction)).toEqual([]);
});

test('[CMD1] a screen commands nothing, an observer their own attendance, citizens four things of their own', () => {
  const allowed = (actor: typeof guest) =>
    Object.keys(consultationCommands).filter(
      (name) =>
        isAction(name) && can(actor, name, { owners: [actor.person], unit: actor.unit ?? '' }),
    );
  expect(allowed(hallScreen)).toEqual([]);
  // an observer speaks of their own coming and going, and of nothing else
  expect(allowed(otto).every((name) => name.startsWith('attendance.'))).toBe(true);
  expect(allowed(otto).length).toBe(4);
  expect(allowed(guest)).toEqual([
    'floor.withdraw',
    'opinion.support',
    'submission.send',
    'submission.rate',
  ]);
});
