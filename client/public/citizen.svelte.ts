import type { Joined } from '../../shared/wire/rest.ts';
import { openRecord, type RecordStore } from '../record/record-store.svelte.ts';
import { post, type ToldRefusal } from '../ui/api.ts';

export type Entering =
  | { readonly kind: 'joining' }
  | { readonly kind: 'refused'; readonly refused: ToldRefusal }
  | { readonly kind: 'inside'; readonly consultation: string; readonly record: RecordStore };

const TRY_AGAIN_MS = 4_000;

/** A citizen's way in: by the code alone, nothing is asked. A network that fails is tried again by itself. */
export class Citizen {
  state = $state.raw<Entering>({ kind: 'joining' });
  readonly #code: string;
  #again: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(code: string) {
    this.#code = code;
    void this.join();
  }

  join = async (): Promise<void> => {
    clearTimeout(this.#again);
    const answer = await post<Joined>('/api/join', { code: this.#code });
    if (this.#closed) return;
    if ('body' in answer) {
      const { consultation } = answer.body;
      this.state = { kind: 'inside', consultation, record: openRecord(consultation) };
      return;
    }
    this.state = { kind: 'refused', refused: answer.refused };
    if (answer.refused.code === 'busy') {
      this.#again = setTimeout(() => void this.join(), TRY_AGAIN_MS);
    }
  };

  close(): void {
    this.#closed = true;
    clearTimeout(this.#again);
    if (this.state.kind === 'inside') this.state.record.close();
  }
}
