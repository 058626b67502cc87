import { expect, test } from 'vitest';
import { cappedModule } from '../../server/files/capped-wasm.ts';

interface Memory {
  grow(pages: number): number;
}
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: {
    Instance: new (module: object, imports: object) => { exports: Record<string, unknown> };
    Memory: new (limits: { initial: number }) => Memory;
    Module: { imports(module: object): { module: string; name: string }[] };
  };
};

test.each([
  '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm',
  '@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm',
  '@jsquash/png/codec/pkg/squoosh_png_bg.wasm',
  '@jsquash/webp/codec/dec/webp_dec.wasm',
])('[PIC7] %s takes 512 MiB and not a page more', (file) => {
  const module = cappedModule(file);
  const imports: Record<string, Record<string, () => void>> = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module))
    (imports[from] ??= {})[name] = () => undefined;
  const { exports } = new WebAssembly.Instance(module, imports);
  const memory = Object.values(exports).find(
    (each) => each instanceof WebAssembly.Memory,
  ) as Memory;
  const pages = memory.grow(0);
  expect(memory.grow(8_192 - pages)).toBe(pages);
  expect(() => memory.grow(1)).toThrow();
});
