// What each page may cost at first load: kB of JavaScript, gzipped, and what it must never load.
import { gzipSync } from 'node:zlib';
import { type Bundle, type Chunk, chunksOf, withStaticImports } from './bundle.ts';

interface Route {
  page: string;
  /** 1 kB = 1,000 bytes, as served with gzip. */
  maxKilobytes: number;
  /** Citizens' phones and the hall's projector follow the record alone: no Yjs for them. */
  neverLoads?: RegExp;
}

const crdt = /\/node_modules\/(yjs|lib0|y-[a-z.]+)\//;

export const routes: Route[] = [
  { page: 'public/public-page.svelte', maxKilobytes: 80, neverLoads: crdt },
  { page: 'screen/screen-page.svelte', maxKilobytes: 80, neverLoads: crdt },
  { page: 'entry/entry-page.svelte', maxKilobytes: 80, neverLoads: crdt },
  { page: 'room/room-page.svelte', maxKilobytes: 160 },
  { page: 'desk/desk-page.svelte', maxKilobytes: 160 },
  { page: 'office/office-page.svelte', maxKilobytes: 160 },
];

export interface Load {
  page: string;
  kilobytes: number;
  maxKilobytes: number;
  problems: string[];
}

const asServed = (chunk: Chunk) => gzipSync(chunk.code, { level: 9 }).length / 1_000;

/** The module ids that `crdt` looks at may be absolute paths of any system. */
const modulePaths = (chunk: Chunk) => chunk.moduleIds.map((id) => id.replaceAll('\\', '/'));

function measureRoute(bundle: Bundle, route: Route): Load {
  const { page, maxKilobytes, neverLoads } = route;
  const chunks = chunksOf(bundle);
  const pageChunk = chunks.find((chunk) => chunk.facadeModuleId?.endsWith(`/client/${page}`));
  if (!pageChunk) {
    const problems = [`client/${page} is not loaded by an import() of its own`];
    return { page, maxKilobytes, kilobytes: 0, problems };
  }

  const entries = chunks.filter((chunk) => chunk.isEntry);
  const loaded = withStaticImports(bundle, [...entries, pageChunk]);
  const kilobytes = loaded.reduce((sum, chunk) => sum + asServed(chunk), 0);
  const unwanted = loaded.flatMap(modulePaths).filter((id) => neverLoads?.test(id));

  const problems: string[] = [];
  if (kilobytes > maxKilobytes) {
    problems.push(`${page} loads ${kilobytes.toFixed(1)} kB of the ${maxKilobytes} kB it may`);
  }
  if (unwanted.length > 0) problems.push(`${page} must not load ${unwanted[0]}`);
  return { page, maxKilobytes, kilobytes, problems };
}

export const measureRoutes = (bundle: Bundle): Load[] =>
  routes.map((route) => measureRoute(bundle, route));

export function loadsTable(loads: Load[]): string {
  const lines = loads.map(({ page, kilobytes, maxKilobytes }) => {
    const used = `${kilobytes.toFixed(1).padStart(6)} of ${String(maxKilobytes).padStart(3)} kB`;
    return `  ${page.padEnd(28)}${used}`;
  });
  return ['First-load JavaScript, gzipped:', ...lines].join('\n');
}
