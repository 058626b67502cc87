import { office } from '../ui/messages/office.ts';
import { catalogue } from '../ui/messages.svelte.ts';

catalogue.add('office', {
  chinese: office,
  english: async () => (await import('../ui/messages/office.en.ts')).office,
});
