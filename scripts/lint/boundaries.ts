// Who may import whom. The table is the architecture's; the rule below only reads it.
import path from 'node:path';

/** An import as the table sees it: a file of this project, or a package by its name. */
export type Target = { file: string } | { package: string };

interface Boundary {
  /** Does this boundary bind the importing file? Paths are relative to the root, with `/`. */
  binds: (file: string) => boolean;
  allows: (target: Target, file: string) => boolean;
  because: string;
}

const under = (...folders: string[]) => {
  return (file: string) => folders.some((folder) => file.startsWith(`${folder}/`));
};

/** `server/live/feed.ts` → `live`; undefined for files directly in server/, which compose features. */
const serverFeature = (file: string) => /^server\/([^/]+)\//.exec(file)?.[1];

const isPackage = (target: Target, ...names: string[]) =>
  'package' in target && names.includes(target.package);

const crdt = ['yjs', 'lib0', 'fractional-indexing'];
const boardOnly = [...crdt, 'y-websocket', 'y-protocols', 'y-codemirror.next'];
const isStore = (file: string) =>
  under('server/database')(file) ||
  /(^|\/)(store|projections|migrations)\.ts$|-store\.ts$|\/migrations\//.test(file);

export const boundaries: Boundary[] = [
  {
    binds: under('shared'),
    allows: (target, file) =>
      'file' in target
        ? under('shared')(target.file)
        : target.package === 'typebox' ||
          (under('shared/board')(file) && crdt.includes(target.package)),
    because: 'shared/ imports only itself and typebox, and Yjs only in shared/board',
  },
  {
    binds: under('client'),
    allows: (target) =>
      'package' in target
        ? !target.package.startsWith('node:')
        : under('client', 'shared')(target.file),
    because: 'client/ imports only itself, shared/ and packages for browsers',
  },
  {
    binds: under('client/public', 'client/screen'),
    allows: (target) =>
      'package' in target
        ? !boardOnly.includes(target.package)
        : !under('client/board', 'shared/board')(target.file),
    because: 'the public page and the big screen follow the record alone and load no Yjs',
  },
  {
    binds: under('server'),
    allows: (target) => !('file' in target) || under('server', 'shared')(target.file),
    because: 'server/ imports only itself and shared/',
  },
  {
    binds: (file) => serverFeature(file) !== undefined,
    allows: (target, file) =>
      !('file' in target) ||
      !target.file.startsWith('server/') ||
      target.file === 'server/config.ts' ||
      [serverFeature(file), 'database'].includes(serverFeature(target.file)),
    because: 'features of the server do not import one another: app.ts hands them what they need',
  },
  {
    binds: (file) => under('server')(file) && !under('server/cluster')(file),
    allows: (target) => !isPackage(target, 'redis'),
    because: 'Redis is touched only by server/cluster',
  },
  {
    binds: (file) => under('server')(file) && !isStore(file),
    allows: (target) => !isPackage(target, 'kysely', 'better-sqlite3', 'pg'),
    because: 'SQL is touched only by server/database, stores, projections and migrations',
  },
];

/** Resolves what `file` imports as `specifier`. */
export function resolveTarget(file: string, specifier: string): Target {
  if (specifier.startsWith('.')) {
    return { file: path.posix.join(path.posix.dirname(file), specifier) };
  }
  if (specifier.startsWith('node:')) return { package: specifier };
  const [scope = '', name] = specifier.split('/');
  return { package: scope.startsWith('@') ? `${scope}/${name}` : scope };
}

/** The reason why `file` may not import `specifier`, or undefined when it may. */
export function whyRefused(file: string, specifier: string): string | undefined {
  const target = resolveTarget(file, specifier);
  return boundaries.find((rule) => rule.binds(file) && !rule.allows(target, file))?.because;
}
