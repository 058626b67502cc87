import { entryOf } from './entry.ts';
import type { Opinion, Opinions, OpinionEvent } from './opinions.ts';
import type { Credit } from './people.ts';
import type { TakenDown } from './recording.ts';
import type { ConsultationState } from './state.ts';

/**
 * Reading 并案 in the record. An opinion that is merged names its main one, which never is merged itself; `mergedVia`
 * names the opinion with which it came along, so that a split restores what was.
 */

/** The opinion that is dealt with in its place; itself, unless it is merged. */
export const mainOf = (opinions: Opinions, opinion: Opinion): Opinion =>
  (opinion.mergedInto === undefined ? undefined : entryOf(opinions, opinion.mergedInto)) ?? opinion;

/** Those merged into it, by number; what was withdrawn is no part of it any more. */
export const mergedWith = (opinions: Opinions, main: Opinion): Opinion[] =>
  Object.values(opinions)
    .filter(({ mergedInto, withdrawn }) => mergedInto === main.id && !withdrawn)
    .sort((a, b) => a.no - b.no);

const parentOf = ({ mergedVia, mergedInto }: Opinion): string | undefined =>
  mergedVia ?? mergedInto;

/** What goes with an opinion wherever it is merged to: all that had been merged into it before, by number. */
export function cameAlong(opinions: Opinions, opinion: Opinion): Opinion[] {
  const all = Object.values(opinions).sort((a, b) => a.no - b.no);
  const along = new Set([opinion.id]);
  for (let grown = 0; grown < along.size;) {
    grown = along.size;
    for (const each of all) if (along.has(parentOf(each) ?? '')) along.add(each.id);
  }
  return all.filter(({ id }) => id !== opinion.id && along.has(id));
}

export const directlyMerged = (opinions: Opinions, opinion: Opinion): Opinion[] =>
  Object.values(opinions).filter((each) => parentOf(each) === opinion.id);

/** Everyone to whom an opinion is credited: its own authors first, then those of what is merged into it; none twice. */
export function creditsOf(opinions: Opinions, opinion: Opinion): Credit[] {
  const main = mainOf(opinions, opinion);
  return withoutDoubles([main, ...mergedWith(opinions, main)].flatMap(({ authors }) => authors));
}

export function withoutDoubles(credits: readonly Credit[]): Credit[] {
  const keyOf = ({ person, name }: Credit) => (person === '' ? ` ${name}` : person);
  const creditByKey = new Map<string, Credit>();
  for (const credit of credits)
    if (!creditByKey.has(keyOf(credit))) creditByKey.set(keyOf(credit), credit);
  return [...creditByKey.values()];
}

/** The author of what is merged is answered with the main one. */
export function isAnswered(
  { opinions, responses }: Pick<ConsultationState, 'opinions' | 'responses'>,
  opinion: Opinion,
): boolean {
  const main = mainOf(opinions, opinion).id;
  return Object.values(responses).some(
    (response) => response.opinion === main && response.status === 'published',
  );
}

/**
 * The events that release an opinion to the public, as far as that hasn't happened yet. What is merged is read
 * together: the public gets all of it, or nothing.
 */
export function release(
  opinions: Opinions,
  opinion: Opinion,
): Extract<OpinionEvent, { type: 'opinion.published' }>[] {
  const main = mainOf(opinions, opinion);
  return [main, ...mergedWith(opinions, main)].flatMap((each) => {
    if (each.published) return [];
    const { id, no, text, authors, source, tabledAt } = each;
    const { pictures, merged, mergedInto, mergedVia, recorded } = each;
    const released = {
      ...{ id, no, text, authors, source, tabledAt },
      ...(pictures && { pictures }),
      ...(recorded && { recorded: withoutNames(recorded) }),
      ...(merged && { merged }),
      ...(mergedInto !== undefined && { mergedInto }),
      ...(mergedVia !== undefined && { mergedVia }),
    };
    return [{ type: 'opinion.published', data: { opinion: released } }];
  });
}

/** Outside the room nobody is told who the desk is made of. */
const withoutNames = ({ means, confirmedBy }: TakenDown): TakenDown => ({
  means,
  by: '',
  ...(confirmedBy === undefined ? {} : { confirmedBy: '' }),
});
