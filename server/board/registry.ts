/** Something in use; released once, however often that is asked. */
export interface Hold<T> {
  readonly value: T;
  readonly release: () => void;
}

interface Entry<T> {
  readonly loading: Promise<T>;
  value?: T;
  holds: number;
  timer?: NodeJS.Timeout;
}

export interface RegistryParts<T> {
  readonly lingerMs: number;
  /** `drop` is called when what was loaded turns out to be faulty. */
  load(key: string, drop: () => void): Promise<T>;
  unload(value: T): Promise<void>;
}

/**
 * What is loaded, by key.
 *
 * 1. A key is loaded once, however many ask for it at the same time; a load that fails leaves nothing behind.
 * 2. What nobody holds stays for a while, and is then unloaded.
 * 3. What was dropped after a fault is never given out again; whoever asks next loads it afresh.
 */
export class Registry<T> {
  readonly #entryByKey = new Map<string, Entry<T>>();
  readonly #unloading = new Set<Promise<void>>();
  readonly #parts: RegistryParts<T>;

  constructor(parts: RegistryParts<T>) {
    this.#parts = parts;
  }

  async hold(key: string): Promise<Hold<T>> {
    const entry = this.#entryByKey.get(key) ?? this.#load(key);
    entry.holds += 1;
    clearTimeout(entry.timer);
    const value = await entry.loading;
    let held = true;
    const release = () => {
      if (!held) return;
      held = false;
      entry.holds -= 1;
      if (entry.holds === 0) this.#linger(key, entry);
    };
    return { value, release };
  }

  /** What is loaded now. */
  peek(key: string): T | undefined {
    return this.#entryByKey.get(key)?.value;
  }

  *loaded(): Generator<readonly [key: string, value: T]> {
    for (const [key, { value }] of this.#entryByKey) if (value !== undefined) yield [key, value];
  }

  #load(key: string): Entry<T> {
    const drop = () => void (this.#entryByKey.get(key) === entry && this.#entryByKey.delete(key));
    const loading = this.#parts.load(key, () => drop());
    const entry: Entry<T> = { loading, holds: 0 };
    this.#entryByKey.set(key, entry);
    loading.then((value) => (entry.value = value), drop);
    return entry;
  }

  #linger(key: string, entry: Entry<T>): void {
    const unload = () => {
      if (this.#entryByKey.get(key) === entry) this.#entryByKey.delete(key);
      this.#unload(entry);
    };
    // dropped, or closing: nobody else will come for it
    if (this.#entryByKey.get(key) !== entry) return unload();
    entry.timer = setTimeout(unload, this.#parts.lingerMs);
  }

  #unload({ value }: Entry<T>): void {
    if (value === undefined) return;
    const unloading = this.#parts.unload(value).finally(() => this.#unloading.delete(unloading));
    this.#unloading.add(unloading);
  }

  async close(): Promise<void> {
    const entries = [...this.#entryByKey.values()];
    this.#entryByKey.clear();
    await Promise.allSettled(entries.map(({ loading }) => loading));
    for (const entry of entries) {
      clearTimeout(entry.timer);
      if (entry.holds === 0) this.#unload(entry);
    }
    while (this.#unloading.size > 0) await Promise.all(this.#unloading);
  }
}
