/** Bytes after the snapshot that are cheaper to send than a new snapshot to make. */
const MAX_TAIL_BYTES = 64 * 1024;

/**
 * The whole board as frames, for those who come with nothing: a snapshot made once, and what came after it. Dropped
 * when the tail has grown long; made again when someone asks.
 */
export class JoinFrames {
  readonly #make: () => Buffer;
  #frames: Buffer[] | undefined;
  #tailBytes = 0;

  constructor(make: () => Buffer) {
    this.#make = make;
  }

  all(): Buffer {
    if (!this.#frames) {
      this.#frames = [this.#make()];
      this.#tailBytes = 0;
    }
    if (this.#frames.length > 1) this.#frames = [Buffer.concat(this.#frames)];
    return this.#frames[0] as Buffer;
  }

  /** Is anyone to be told of what follows? */
  get wanted(): boolean {
    return this.#frames !== undefined;
  }

  add(frame: Buffer): void {
    if (!this.#frames) return;
    this.#tailBytes += frame.length;
    if (this.#tailBytes > MAX_TAIL_BYTES) this.#frames = undefined;
    else this.#frames.push(frame);
  }
}
