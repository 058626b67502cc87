import { parentPort, workerData } from 'node:worker_threads';
import { developed } from './re-encode.ts';

/** One picture, and the worker ends: whatever its file did to the codecs goes with them. */
parentPort?.postMessage(await developed(workerData as Uint8Array));
