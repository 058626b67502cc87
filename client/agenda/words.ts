import { agenda } from '../ui/messages/agenda.ts';
import { catalogue } from '../ui/messages.svelte.ts';

catalogue.add('agenda', {
  chinese: agenda,
  english: async () => (await import('../ui/messages/agenda.en.ts')).agenda,
});
