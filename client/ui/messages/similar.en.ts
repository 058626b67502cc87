import type { Translated } from './translated.ts';
import type { similar as source } from './similar.ts';

export const similar: Translated<typeof source> = {
  found: (count) => `${count} similar`,
  answered: (count) => `${count} answered`,
  likelySame: (name) => `Perhaps the same as ${name}`,
  likelySameEarlier: 'Perhaps answered before',
  list: 'Similar opinions',
  draft: 'Draft',
  waiting: 'Waits for review',
  no: (no) => `opinion no. ${no}`,
  earlier: (year, title, no) => `${year}, “${title}”, no. ${no}`,
  answeredBy: (unit, stance) => `${unit} · ${stance}`,
  promise: (what, due) => `Commitment: ${what} (by ${due})`,
  go: 'Look',
  support: 'Support',
  merge: 'Merge',
  supported: (no) => `You support opinion no. ${no}. Your draft is still here.`,
  dropDraft: 'Delete the draft',
  whole: 'Full text',
  less: 'Less',
  decline: 'Decline as a duplicate',
  sameAs: (no) => `The same as opinion no. ${no}; please follow that one and its answer`,
  sameAsUnreleased: 'The same as an opinion raised in the meeting',
  answeredBefore: (where, unit, stance) => `Answered before: ${where}, ${unit}: ${stance}`,
  citizenFound: 'Others have said much the same',
  citizenHint:
    'You can support theirs, or go on with your own. What you write is only compared, and not kept.',
  citizenSupport: 'Support',
  citizenSupported: 'Supported',
};
