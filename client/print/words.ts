import { print } from '../ui/messages/print.ts';
import { catalogue } from '../ui/messages.svelte.ts';

catalogue.add('print', {
  chinese: print,
  english: async () => (await import('../ui/messages/print.en.ts')).print,
});
