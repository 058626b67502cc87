import { flushSync } from 'svelte';

/** How often what is read has changed, as a component that draws it would notice. */
export function watch(read: () => unknown): { readonly changes: number; stop(): void } {
  let runs = 0;
  const stop = $effect.root(() => {
    $effect(() => {
      read();
      runs += 1;
    });
  });
  flushSync();
  return {
    get changes() {
      flushSync();
      return runs - 1;
    },
    stop,
  };
}
