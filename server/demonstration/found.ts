import type { OfficeRole } from '../../shared/policy/roles.ts';
import { businessClimate } from './content/business-climate.ts';
import { writeLinks, type Links, type LinksParts } from './links.ts';
import { everyoneIn } from './prepare.ts';
import { seedDemonstration, type SeedParts } from './seed.ts';

const OFFICER = 'officer';

export interface FoundingParts extends Omit<SeedParts, 'addPerson'> {
  readonly people: LinksParts['people'] & {
    add(name: string, id: string): Promise<unknown>;
    appoint(person: string, role: OfficeRole): Promise<void>;
    hasOfficer(): Promise<boolean>;
  };
  readonly doors: (id: string) => Promise<{ code: string; screenKey: string } | undefined>;
}

/**
 * Gives an empty data directory its office and, unless that is not wanted, the demonstration; answers whether it was
 * empty. The officer is appointed last: until then the directory counts as empty, and a start that was cut short is
 * done again.
 */
export async function foundIfEmpty(
  parts: FoundingParts,
  options: { readonly demo: boolean; readonly now: number },
): Promise<boolean> {
  const { people } = parts;
  if (await people.hasOfficer()) return false;
  await people.add('商量办公室', OFFICER);
  if (options.demo) {
    const addPerson = (name: string, id: string) => people.add(name, id);
    await seedDemonstration({ ...parts, addPerson }, options.now);
  }
  await people.appoint(OFFICER, 'officer');
  return true;
}

/** Links to the office and, if it is there, to everyone's place in the demonstration. */
export async function linksOfStart(
  { people, doors }: FoundingParts,
  where: { readonly dataDir: string; readonly baseUrl: string },
): Promise<Links> {
  const consultation = businessClimate.id;
  const demoDoors = await doors(consultation);
  return writeLinks({
    ...where,
    people,
    officer: OFFICER,
    shared: demoDoors !== undefined,
    ...(demoDoors
      ? { demo: { consultation, everyone: everyoneIn(businessClimate), ...demoDoors } }
      : {}),
  });
}
