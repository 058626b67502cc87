import { room } from '../ui/messages/room.ts';
import { catalogue } from '../ui/messages.svelte.ts';

catalogue.add('room', {
  chinese: room,
  english: async () => (await import('../ui/messages/room.en.ts')).room,
});
