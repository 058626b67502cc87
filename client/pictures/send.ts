import type { ToldRefusal } from '../ui/api.ts';
import { catalogue } from '../ui/messages.svelte.ts';

export interface Sending {
  /** Where uploads begin: the card's pictures. */
  readonly url: string;
  readonly blob: Blob;
  /** Of an upload that was begun before. */
  readonly location?: string | undefined;
  readonly signal: AbortSignal;
  onLocation(location: string | undefined): void;
  /** Bytes that are on the server's disk. */
  onProgress(bytes: number): void;
  /** Is the network there, as far as this upload can tell? */
  onNetwork(there: boolean): void;
}

export type Sent = 'done' | 'stopped' | { readonly refused: ToldRefusal };

const chunkBytes = { first: 128 * 1024, least: 32 * 1024, most: 1024 * 1024 } as const;
/** A chunk that takes no longer may be doubled, one that takes longer is halved next time. */
const quickMs = 700;
const slowMs = 4_000;
const patienceMs = 40_000;
const longestPauseMs = 15_000;
/** The server is at another picture, or at this one by another connection. */
const busy = new Set(['busy', 'conflict', 'read_only']);

/**
 * Sends a picture by tus: piece by piece, each acknowledged when it is on disk. Whatever happens on the way, the server
 * is asked how far it has come, and it goes on from there.
 */
export async function send(sending: Sending): Promise<Sent> {
  let { location } = sending;
  let size: number = chunkBytes.first;
  let offset: number | undefined = location === undefined ? 0 : undefined;
  for (let failures = 0; ;) {
    const step = await once({ ...sending, location, offset, size });
    if (sending.signal.aborted) return 'stopped';
    switch (step.kind) {
      case 'refused':
        return { refused: step.refused };
      case 'again':
        // nothing is known of where it stands: ask
        if (step.lost) [location, offset] = [undefined, 0];
        else offset = location === undefined ? 0 : undefined;
        if (step.lost) sending.onLocation(undefined);
        sending.onNetwork(step.answered);
        failures += 1;
        size = Math.max(chunkBytes.least, size / 2);
        await pause(Math.min(longestPauseMs, 500 * 2 ** failures), sending.signal);
        break;
      case 'begun':
        ({ location } = step);
        sending.onLocation(location);
        break;
      case 'stands':
        failures = 0;
        ({ offset } = step);
        size = nextSize(size, step.ms);
        sending.onNetwork(true);
        sending.onProgress(offset);
        if (step.complete) return 'done';
    }
  }
}

type Step =
  | { readonly kind: 'begun'; readonly location: string }
  | {
      readonly kind: 'stands';
      readonly offset: number;
      readonly complete: boolean;
      readonly ms?: number;
    }
  | { readonly kind: 'again'; readonly answered: boolean; readonly lost?: boolean }
  | { readonly kind: 'refused'; readonly refused: ToldRefusal };

interface Standing extends Sending {
  readonly offset: number | undefined;
  readonly size: number;
}

/** One request: begins it, asks how far it is, or brings the next piece. */
async function once({ url, blob, location, offset, size, signal }: Standing): Promise<Step> {
  const begins = location === undefined;
  const started = performance.now();
  const asking =
    location === undefined
      ? ask('POST', url, { 'upload-length': String(blob.size) }, signal)
      : offset === undefined
        ? ask('HEAD', location, {}, signal)
        : ask('PATCH', location, patchHeaders(offset), signal, blob.slice(offset, offset + size));
  const response = await asking.catch(() => undefined);
  if (!response) return { kind: 'again', answered: false };
  if (!response.ok) return whyNot(response, begins);
  if (begins) {
    const begun = response.headers.get('location');
    return begun === null ? { kind: 'again', answered: true } : { kind: 'begun', location: begun };
  }
  const stands = Number(response.headers.get('upload-offset'));
  // whole, it is said to be done by the answer to a piece alone, if need be an empty one
  const complete = offset !== undefined && stands === blob.size;
  const ms = offset === undefined ? undefined : performance.now() - started;
  return { kind: 'stands', offset: stands, complete, ...(ms === undefined ? {} : { ms }) };
}

const patchHeaders = (offset: number) => ({
  'upload-offset': String(offset),
  'content-type': 'application/offset+octet-stream',
});

async function whyNot(response: Response, begins: boolean): Promise<Step> {
  const answer = (await response.json().catch(() => ({}))) as { refused?: ToldRefusal };
  const { refused } = answer;
  if (response.status === 404 && !begins) return { kind: 'again', answered: true, lost: true };
  if (!refused || busy.has(refused.code)) return { kind: 'again', answered: true };
  return { kind: 'refused', refused };
}

function ask(
  method: string,
  url: string,
  headers: Record<string, string>,
  signal: AbortSignal,
  body?: Blob,
): Promise<Response> {
  const limit = new AbortController();
  const stop = () => limit.abort();
  const timer = setTimeout(stop, patienceMs);
  signal.addEventListener('abort', stop);
  return fetch(url, {
    method,
    credentials: 'same-origin',
    headers: { 'tus-resumable': '1.0.0', 'accept-language': catalogue.language, ...headers },
    signal: limit.signal,
    ...(body ? { body } : {}),
  }).finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  });
}

const nextSize = (size: number, ms: number | undefined): number => {
  if (ms === undefined) return size;
  if (ms < quickMs) return Math.min(chunkBytes.most, size * 2);
  return ms > slowMs ? Math.max(chunkBytes.least, size / 2) : size;
};

/** Until then, until the network is back, or until it is stopped. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener('online', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    addEventListener('online', done);
    signal.addEventListener('abort', done);
  });
}
