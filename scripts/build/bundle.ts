// A finished build as the checks look at it: only what they read of the bundler's own types.
export interface Chunk {
  type: 'chunk';
  fileName: string;
  code: string;
  isEntry: boolean;
  /** The module this chunk stands for, when it is an entry or the target of an `import()`. */
  facadeModuleId: string | null;
  moduleIds: string[];
  /** File names of the chunks imported statically. */
  imports: string[];
}

export interface Asset {
  type: 'asset';
  fileName: string;
  source: string | Uint8Array;
}

export type Bundle = Record<string, Chunk | Asset>;

export const chunksOf = (bundle: Bundle): Chunk[] =>
  Object.values(bundle).filter((output) => output.type === 'chunk');

/** The given chunks and all that they import statically: what a browser fetches before running. */
export function withStaticImports(bundle: Bundle, start: Chunk[]): Chunk[] {
  const seen = new Set<Chunk>();
  const visit = (chunk: Chunk) => {
    if (seen.has(chunk)) return;
    seen.add(chunk);
    for (const fileName of chunk.imports) {
      const imported = bundle[fileName];
      if (imported?.type === 'chunk') visit(imported);
    }
  };
  start.forEach(visit);
  return [...seen];
}
