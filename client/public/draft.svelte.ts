import { forget, recall, remember } from '../ui/device.ts';

/** What a citizen is writing: kept on the device until the server has acknowledged it. */
export class Draft {
  #text = $state('');
  readonly #key: string;

  constructor(consultation: string) {
    this.#key = `draft/${consultation}`;
    this.#text = recall(this.#key) ?? '';
  }

  get text(): string {
    return this.#text;
  }

  set text(text: string) {
    this.#text = text;
    if (text === '') forget(this.#key);
    else remember(this.#key, text);
  }
}
