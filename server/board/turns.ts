/** Work that is done one after another, in the order in which it came. A fault is told, and the next turn comes. */
export class Turns {
  readonly #waiting: (() => Promise<void>)[] = [];
  readonly #onFault: (fault: unknown) => void;
  #working: Promise<void> | undefined;

  constructor(onFault: (fault: unknown) => void) {
    this.#onFault = onFault;
  }

  add(turn: () => Promise<void>): void {
    this.#waiting.push(turn);
    this.#working ??= this.#work();
  }

  /** Resolves when nothing is left to do. */
  async idle(): Promise<void> {
    while (this.#working) await this.#working;
  }

  async #work(): Promise<void> {
    for (let turn = this.#waiting.shift(); turn; turn = this.#waiting.shift()) {
      try {
        await turn();
      } catch (fault) {
        this.#onFault(fault);
      }
    }
    this.#working = undefined;
  }
}
