import type { Environment } from 'vitest/runtime';

/**
 * Node, for code that was built for pages: what Vite transforms for a page keeps Svelte's reactivity, what it
 * transforms for a server has none. Of a page itself there is only that events can be told to it.
 */
export default {
  name: 'page',
  viteEnvironment: 'client',
  setup(global: Record<string, unknown>) {
    const page = new EventTarget();
    const names = ['addEventListener', 'removeEventListener', 'dispatchEvent'] as const;
    for (const name of names) global[name] = page[name].bind(page);
    return {
      teardown() {
        for (const name of names) delete global[name];
      },
    };
  },
} satisfies Environment;
