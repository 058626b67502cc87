import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const PREAMBLE_BYTES = 8;
const MEMORY_SECTION = 5;
const WITH_MAXIMUM = 1;
/** 512 MiB in pages of 64 KiB: a picture of the largest size allowed, and no more, whatever its file makes of it. */
const MAX_PAGES = 8_192;

/** Node's types leave it to the DOM's. */
declare const WebAssembly: { readonly Module: new (bytes: Uint8Array) => object };

const { resolve } = createRequire(import.meta.url);

/**
 * A WebAssembly module of a package, which can't take more memory than it may. Workers' own limits don't count what
 * lies outside V8's heap, and the codecs ask for up to 4 GiB: so the maximum is written into the module itself.
 */
export function cappedModule(file: string): object {
  return new WebAssembly.Module(capped(readFileSync(resolve(file))));
}

function capped(bytes: Uint8Array): Uint8Array {
  for (let at = PREAMBLE_BYTES; at < bytes.length;) {
    const id = bytes[at];
    const { value: length, next: body } = readNumber(bytes, at + 1);
    if (id === MEMORY_SECTION) {
      // one memory: its flag, its initial size, and a maximum if the flag says so
      const { value: initial } = readNumber(bytes, body + 2);
      const memory = [1, WITH_MAXIMUM, ...number(initial), ...number(MAX_PAGES)];
      const section = [MEMORY_SECTION, ...number(memory.length), ...memory];
      return Buffer.concat([
        bytes.subarray(0, at),
        Uint8Array.from(section),
        bytes.subarray(body + length),
      ]);
    }
    at = body + length;
  }
  throw new Error('a codec without a memory of its own');
}

/** Unsigned LEB128, as WebAssembly writes numbers. */
function readNumber(bytes: Uint8Array, start: number): { value: number; next: number } {
  let value = 0;
  for (let at = start, factor = 1; ; at += 1, factor *= 128) {
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return { value, next: at + 1 };
  }
}

function number(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...number(value >>> 7)];
}
