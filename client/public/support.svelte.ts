import type { Tally } from '../../shared/consultation/opinions.ts';
import { isRefused } from '../../shared/refusal.ts';
import type { RecordStore } from '../record/record-store.svelte.ts';
import { t } from '../ui/messages.svelte.ts';
import { toast } from '../ui/toast.svelte.ts';

const none: Tally = { members: 0, public: 0 };

/** A count shown from the tap on, until the server's next count for that opinion takes over. */
interface Held {
  readonly counted: Tally | undefined;
  readonly shown: number;
}

/** 附议: the citizen's own at once, everyone's as the server counts them. */
export class Support {
  readonly #record: RecordStore;
  #heldById = $state.raw<Readonly<Record<string, Held>>>({});

  constructor(record: RecordStore) {
    this.#record = record;
  }

  given(opinion: string): boolean {
    const { me, state } = this.#record;
    return me !== undefined && state.opinions[opinion]?.supporters[me.person] !== undefined;
  }

  members = (opinion: string): number => (this.#record.counts[opinion] ?? none).members;

  public(opinion: string): number {
    const counted = this.#record.counts[opinion];
    const held = this.#heldById[opinion];
    return held && held.counted === counted ? held.shown : (counted ?? none).public;
  }

  async toggle(opinion: string): Promise<void> {
    const on = !this.given(opinion);
    const shown = Math.max(0, this.public(opinion) + (on ? 1 : -1));
    const held: Held = { counted: this.#record.counts[opinion], shown };
    this.#heldById = { ...this.#heldById, [opinion]: held };
    const answer = await this.#record.send('opinion.support', { opinion, on });
    if (!isRefused(answer)) return;
    const { [opinion]: _mine, ...others } = this.#heldById;
    this.#heldById = others;
    if (answer.refused.code === 'already') return;
    toast.show(answer.refused.message || t.ui.failed, { kind: 'refused' });
  }
}
