import { board } from '../ui/messages/board.ts';
import { catalogue } from '../ui/messages.svelte.ts';

catalogue.add('board', {
  chinese: board,
  english: async () => (await import('../ui/messages/board.en.ts')).board,
});
