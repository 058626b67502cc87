import { floor } from '../ui/messages/floor.ts';
import { catalogue } from '../ui/messages.svelte.ts';

catalogue.add('floor', {
  chinese: floor,
  english: async () => (await import('../ui/messages/floor.en.ts')).floor,
});
