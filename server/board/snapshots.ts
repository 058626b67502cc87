import type { CommittedBoard } from './committed-board.ts';
import type { BoardLog } from './parts.ts';
import type { UpdateStore } from './update-store.ts';

export interface SnapshotParts {
  readonly consultation: string;
  readonly committed: CommittedBoard;
  readonly store: UpdateStore;
  readonly log: BoardLog;
  readonly every: number;
}

/** However fast it is written on, encoding a whole board again and again would hold up those who write. */
const REST_MS = 5_000;

/** Cuts a snapshot every so many updates. It only spares reading them again: a fault costs nothing but that. */
export class Snapshots {
  readonly #parts: SnapshotParts;
  #seq: number;
  #cutting: Promise<void> | undefined;
  #cutAt = -Infinity;

  constructor(seq: number, parts: SnapshotParts) {
    this.#seq = seq;
    this.#parts = parts;
  }

  cutIfDue(): void {
    const { committed, every } = this.#parts;
    if (committed.seq - this.#seq < every || performance.now() - this.#cutAt < REST_MS) return;
    this.cut();
  }

  cut(): void {
    const { consultation, committed, store, log } = this.#parts;
    const { seq } = committed;
    if (this.#cutting || seq === this.#seq) return;
    this.#seq = seq;
    this.#cutAt = performance.now();
    this.#cutting = store
      .keepSnapshot(consultation, seq, committed.encode())
      .catch((error: unknown) => log.warn({ err: error, consultation }, 'board: no snapshot kept'))
      .finally(() => (this.#cutting = undefined));
  }

  async idle(): Promise<void> {
    await this.#cutting;
  }
}
