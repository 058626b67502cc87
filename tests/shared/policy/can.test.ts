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

test('[CMD1] a screen and an observer command nothing, citizens three things at most', () => {
  const allowed = (actor: typeof guest) =>
    Object.keys(consultationCommands).filter(
      (name) =>
        isAction(name) && can(actor, name, { owners: [actor.person], unit: actor.unit ?? '' }),
    );
  expect(allowed(hallScreen)).toEqual([]);
  expect(allowed(otto)).toEqual(['attendance.checkIn', 'attendance.leave', 'attendance.move']);
  expect(allowed(guest)).toEqual(['opinion.support', 'submission.send']);
});
