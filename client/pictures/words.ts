import { pictures } from '../ui/messages/pictures.ts';
import { catalogue } from '../ui/messages.svelte.ts';

catalogue.add('pictures', {
  chinese: pictures,
  english: async () => (await import('../ui/messages/pictures.en.ts')).pictures,
});
