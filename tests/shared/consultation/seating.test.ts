import { expect, test } from 'vitest';
import { inOrder } from '../../../shared/consultation/attendance.ts';
import { seatInOrder } from '../../../shared/consultation/seating.ts';
import { alice, clark, mona, prepared } from './meeting.ts';

const seat = (person: string, row: number, column: number) => ({ person, row, column });

test('[ATT6] seats are the desk’s: nobody has two, nobody shares one, nobody sits outside', () => {
  const meeting = prepared();
  const plan = { rows: 2, columns: 3, seats: [seat('alice', 1, 2), seat('bob', 2, 3)] };
  expect(meeting.try(alice, 'seating.set', plan)).toBe('forbidden');
  const wrong = (...seats: typeof plan.seats) =>
    meeting.try(clark, 'seating.set', { ...plan, seats });
  expect(wrong(seat('alice', 1, 1), seat('alice', 1, 2))).toBe('invalid');
  expect(wrong(seat('alice', 1, 1), seat('bob', 1, 1))).toBe('invalid');
  expect(wrong(seat('alice', 3, 1))).toBe('invalid');
  expect(wrong(seat('stranger', 1, 1))).toBe('not_found');
  meeting.do(mona, 'seating.set', plan);
  expect(meeting.state.seating).toEqual(plan);
});

test('[ATT6] in order of the list, from the middle of the front row outwards', () => {
  const people = inOrder(prepared().state.roster);
  const odd = seatInOrder(people, 5);
  expect(odd.seats.map(({ row, column }) => [row, column])).toEqual([
    [1, 3],
    [1, 2],
    [1, 4],
    [1, 1],
    [1, 5],
    [2, 3],
    [2, 2],
    [2, 4],
  ]);
  expect(odd.rows).toBe(2);
  const even = seatInOrder(people.slice(0, 4), 4);
  expect(even.seats.map(({ column }) => column)).toEqual([2, 3, 1, 4]);
  expect(seatInOrder(people, 1).seats.map(({ row }) => row)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});
