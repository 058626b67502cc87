import { addWorkingDays, dayOf } from '../../shared/working-days.ts';
import { businessClimate } from './content/business-climate.ts';
import { childFriendlyCity } from './content/child-friendly-city.ts';
import { oldNeighbourhoods } from './content/old-neighbourhoods.ts';
import { tellMeeting } from './meeting.ts';
import { prepare } from './prepare.ts';
import type { SeedParts } from './seed-parts.ts';

export type { SeedParts } from './seed-parts.ts';

/** 14:00 in the office's time, so many working days from now. */
const afternoonIn = (workingDays: number, now: number): number =>
  Date.parse(`${addWorkingDays(dayOf(now), workingDays).day}T14:00:00+08:00`);

/** The demonstration: S1 in the middle of its meeting, S2 and S3 prepared. */
export async function seedDemonstration(parts: SeedParts, now: number): Promise<void> {
  await prepare(childFriendlyCity, parts, { at: now, startsAt: afternoonIn(5, now) });
  await prepare(oldNeighbourhoods, parts, { at: now, startsAt: afternoonIn(10, now) });
  await tellMeeting(businessClimate, parts, now);
}
