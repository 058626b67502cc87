import { keep, readKept } from '../board/device-storage.ts';

/** One text field that survives a reload until what it says has been sent. */
export class KeptText {
  #text = $state('');
  readonly #key: string;
  readonly #storage: Storage | undefined;

  constructor(key: string, storage: Storage | undefined, initial: string) {
    this.#key = `kept-text/${key}`;
    this.#storage = storage;
    const kept = readKept(storage, this.#key, (value) =>
      typeof value === 'string' ? value : undefined,
    );
    this.#text = kept ?? initial;
  }

  get text(): string {
    return this.#text;
  }

  set text(text: string) {
    this.#text = text;
    keep(this.#storage, this.#key, text);
  }

  forget(): void {
    this.#storage?.removeItem(this.#key);
  }
}
