import { desk } from '../ui/messages/desk.ts';
import { catalogue } from '../ui/messages.svelte.ts';

catalogue.add('desk', {
  chinese: desk,
  english: async () => (await import('../ui/messages/desk.en.ts')).desk,
});
