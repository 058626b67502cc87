import { Worker } from 'node:worker_threads';
import { refuse, type Refused } from '../../shared/refusal.ts';
import type { PictureRefusal } from './picture-form.ts';
import type { Developed } from './re-encode.ts';

export interface Darkroom {
  /** Checks a picture and encodes it anew, one after another; `busy` when too many wait. Throws only faults. */
  develop(bytes: Uint8Array): Promise<Developed | Refused>;
  close(): Promise<void>;
}

export interface DarkroomParts {
  readonly log: { warn(details: object, message: string): void };
  readonly limits?: Partial<DarkroomLimits>;
}

export interface DarkroomLimits {
  readonly milliseconds: number;
  readonly waiting: number;
}

/** The largest picture takes three seconds of a whole core; a hall's machine is slower, and shared. */
const defaultLimits: DarkroomLimits = { milliseconds: 30_000, waiting: 40 };
/** V8's own heap. The pictures lie outside it: how much they may take is `capped-wasm`'s, and `MAX_PIXELS`'. */
const resourceLimits = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 };

/**
 * Where pictures are developed: in a worker of their own each, never on the event loop.
 *
 * 1. One worker at a time, so that pictures take one core and one picture's memory at most.
 * 2. A worker is given one file and is gone afterwards, by itself or by force: no file meets what another left.
 */
export function createDarkroom({ log, limits }: DarkroomParts): Darkroom {
  const { milliseconds, waiting: most } = { ...defaultLimits, ...limits };
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let closing = false;
  const running = new Set<Worker>();

  function inWorker(bytes: Uint8Array): Promise<Developed | PictureRefusal> {
    return new Promise((resolve, reject) => {
      const workerData = new Uint8Array(bytes); // a copy, whose memory can be handed over
      const worker = new Worker(new URL('picture-worker.ts', import.meta.url), {
        workerData,
        transferList: [workerData.buffer],
        resourceLimits,
        execArgv: [],
        env: {},
      });
      running.add(worker);
      const patience = setTimeout(() => {
        log.warn({ bytes: bytes.length }, 'pictures: a file took too long to decode');
        resolve('picture_damaged');
        void worker.terminate();
      }, milliseconds);
      worker.once('message', resolve);
      worker.once('error', (fault: Error & { code?: string }) => {
        if (fault.code === 'ERR_WORKER_OUT_OF_MEMORY') resolve('picture_too_many_pixels');
        else reject(fault);
      });
      worker.once('exit', () => {
        clearTimeout(patience);
        running.delete(worker);
        reject(new Error('the picture worker ended without an answer'));
      });
    });
  }

  return {
    async develop(bytes) {
      if (closing || waiting >= most) return refuse('busy');
      waiting += 1;
      const before = last;
      const own = before.then(async () => (closing ? 'busy' : inWorker(bytes)));
      last = own.catch(() => undefined);
      try {
        const answer = await own;
        return typeof answer === 'string' ? refuse(answer) : answer;
      } finally {
        waiting -= 1;
      }
    },
    async close() {
      closing = true;
      await Promise.all([...running].map((worker) => worker.terminate()));
      await last;
    },
  };
}
