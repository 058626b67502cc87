import { citizen } from '../ui/messages/public.ts';
import { catalogue } from '../ui/messages.svelte.ts';

catalogue.add('citizen', {
  chinese: citizen,
  english: async () => (await import('../ui/messages/public.en.ts')).citizen,
});
