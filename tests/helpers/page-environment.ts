import type { Environment } from 'vitest/runtime';

/**
 * Node, for code that was built for pages: what Vite transforms for a page keeps Svelte's reactivity, what it
 * transforms for a server has none.
 */
export default {
  name: 'page',
  viteEnvironment: 'client',
  setup: () => ({ teardown: () => undefined }),
} satisfies Environment;
