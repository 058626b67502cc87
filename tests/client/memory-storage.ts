/** What a browser keeps for a tab, without a browser. */
export class MemoryStorage implements Storage {
  readonly #valuesByKey = new Map<string, string>();

  get length(): number {
    return this.#valuesByKey.size;
  }

  key = (index: number): string | null => [...this.#valuesByKey.keys()][index] ?? null;
  clear = (): void => this.#valuesByKey.clear();
  getItem = (key: string): string | null => this.#valuesByKey.get(key) ?? null;
  setItem = (key: string, value: string): void => void this.#valuesByKey.set(key, value);
  removeItem = (key: string): void => void this.#valuesByKey.delete(key);
}
