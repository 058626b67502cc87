export type TextStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** One text field that survives a reload until what it says has been sent. */
export class KeptText {
  #text = $state('');
  readonly #key: string;
  readonly #storage: TextStorage | undefined;

  constructor(key: string, storage: TextStorage | undefined, initial: string) {
    this.#key = `kept-text/${key}`;
    this.#storage = storage;
    this.#text = storage?.getItem(this.#key) ?? initial;
  }

  get text(): string {
    return this.#text;
  }

  set text(text: string) {
    this.#text = text;
    try {
      this.#storage?.setItem(this.#key, text);
    } catch {
      // a full storage costs only the safety net
    }
  }

  forget(): void {
    this.#storage?.removeItem(this.#key);
  }
}
