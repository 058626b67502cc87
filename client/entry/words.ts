import { entry } from '../ui/messages/entry.ts';
import { catalogue } from '../ui/messages.svelte.ts';

catalogue.add('entry', {
  chinese: entry,
  english: async () => (await import('../ui/messages/entry.en.ts')).entry,
});
