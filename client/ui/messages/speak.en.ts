import type { Translated } from './translated.ts';
import type { speak as source } from './speak.ts';

export const speak: Translated<typeof source> = {
  ask: 'Ask to speak',
  name: 'How shall we call you? (optional; only the first letter is shown, “Z**”)',
  hint: 'You will be told here when the moderator calls you; make a sign to the staff in the hall.',
  waiting: 'You have asked to speak. Please wait for the moderator.',
  withdraw: 'Withdraw',
  now: 'You have the floor',
};
