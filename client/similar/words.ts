import { similar } from '../ui/messages/similar.ts';
import { catalogue } from '../ui/messages.svelte.ts';

catalogue.add('similar', {
  chinese: similar,
  english: async () => (await import('../ui/messages/similar.en.ts')).similar,
});
