import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// Tests with real servers and processes. They take turns: two cores are soon busy, and a test that
// measures or kills wants the machine for itself.
const withServers = ['integration', 'contract', 'faults'].map(
  (folder) => `tests/${folder}/**/*.test.ts`,
);
// How long to look for what must come about: long, because a busy machine is no fault of the code.
const patience = {
  expect: { poll: { timeout: 20_000 } },
  testTimeout: 30_000,
  hookTimeout: 30_000,
};
const ofClient = 'tests/client/**/*.test.ts';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...patience,
          name: 'unit',
          include: ['tests/**/*.test.ts'],
          exclude: [...withServers, ofClient, 'tests/e2e/**'],
        },
      },
      {
        // Apart from `unit` because Svelte's reactive half is behind the condition `browser`, under
        // which other packages would give Node their halves for browsers.
        plugins: [svelte({ configFile: false })],
        resolve: { conditions: ['browser'] },
        test: {
          ...patience,
          name: 'client',
          include: [ofClient],
          environment: './tests/helpers/page-environment.ts',
          // Svelte by the same conditions: left to Node, `flushSync` and `untrack` would be the server's.
          server: { deps: { inline: ['svelte'] } },
        },
      },
      {
        test: {
          ...patience,
          name: 'integration',
          include: withServers,
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
