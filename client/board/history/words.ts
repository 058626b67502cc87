import { past } from '../../ui/messages/past.ts';
import { catalogue } from '../../ui/messages.svelte.ts';
import '../words.ts';

catalogue.add('past', {
  chinese: past,
  english: async () => (await import('../../ui/messages/past.en.ts')).past,
});
