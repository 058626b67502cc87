import { ESLint } from 'eslint';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { whyRefused } from '../../scripts/lint/boundaries.ts';

describe('what may import what', () => {
  test.each([
    ['shared/consultation/floor.ts', '../refusal.ts'],
    ['shared/wire/up.ts', 'typebox'],
    ['shared/board/schema.ts', 'yjs'],
    ['client/room/room-page.svelte', '../../shared/policy/can.ts'],
    ['client/board/board-socket.ts', 'y-websocket'],
    ['server/app.ts', './live/socket.ts'],
    ['server/live/feed.ts', '../config.ts'],
    ['server/log/store.ts', '../database/open.ts'],
    ['server/log/store.ts', 'kysely'],
    ['server/board/update-store.ts', 'kysely'],
    ['server/cluster/redis-bus.ts', 'redis'],
    ['server/http/health.ts', 'node:fs'],
    ['tests/integration/two-nodes.test.ts', '../../server/app.ts'],
  ])('%s may import %s', (file, specifier) => {
    expect(whyRefused(file, specifier)).toBeUndefined();
  });

  test.each([
    ['shared/consultation/floor.ts', 'yjs', 'shared/'],
    ['shared/log/envelope.ts', 'node:crypto', 'shared/'],
    ['shared/policy/can.ts', '../../server/config.ts', 'shared/'],
    ['client/room/room-page.svelte', '../../server/config.ts', 'client/'],
    ['client/ui/clock.ts', 'node:fs', 'client/'],
    ['client/public/public-page.svelte', 'yjs', 'no Yjs'],
    ['client/screen/screen-page.svelte', '../board/board-store.svelte.ts', 'no Yjs'],
    ['server/live/socket.ts', '../../client/ui/clock.ts', 'server/'],
    ['server/live/feed.ts', '../board/live-board.ts', 'app.ts'],
    ['server/board/gate.ts', '../app.ts', 'app.ts'],
    ['server/live/feed.ts', 'redis', 'server/cluster'],
    ['server/live/feed.ts', 'kysely', 'stores'],
    ['server/app.ts', 'better-sqlite3', 'stores'],
  ])('%s may not import %s', (file, specifier, because) => {
    expect(whyRefused(file, specifier)).toContain(because);
  });
});

describe('the lint refuses', () => {
  const root = path.resolve(import.meta.dirname, '../..');
  // Types are switched off: a text without a file on disk has none.
  const eslint = new ESLint({
    cwd: root,
    overrideConfig: [
      { files: ['**/*.ts'], languageOptions: { parserOptions: { projectService: false } } },
    ],
    ruleFilter: ({ ruleId }) => ruleId.startsWith('shangliang/'),
  });
  const lint = async (filePath: string, text: string) => {
    const results = await eslint.lintText(text, { filePath: path.join(root, filePath) });
    return results.flatMap(({ messages }) => messages.map(({ ruleId }) => ruleId));
  };
  const boundaries = 'shangliang/boundaries';

  test.each([
    ['a static import', `import * as Y from 'yjs';\nexport const doc = new Y.Doc();\n`],
    ['a type import', `import type { Doc } from 'yjs';\nexport type Board = Doc;\n`],
    ['a type written in place', `export type Board = import('yjs').Doc;\n`],
    ['a re-export', `export { Doc } from 'yjs';\n`],
    ['an export of everything', `export * from 'yjs';\n`],
    ['a dynamic import', `export const load = () => import('yjs');\n`],
  ])('%s across a boundary', async (_form, text) => {
    expect(await lint('shared/consultation/floor.ts', text)).toEqual([boundaries]);
  });

  test('an import in a component', async () => {
    const text = `<script lang="ts">\n  import { Doc } from 'yjs';\n  new Doc();\n</script>\n`;
    expect(await lint('client/public/public-page.svelte', text)).toEqual([boundaries]);
  });

  test('a file name that is not in kebab-case', async () => {
    expect(await lint('shared/workingDays.ts', `export const days = 5;\n`)).toEqual([
      'shangliang/file-name',
    ]);
  });

  test('nothing in a text that keeps the rules', async () => {
    expect(await lint('shared/board/schema.ts', `export { Doc } from 'yjs';\n`)).toEqual([]);
  });
});
