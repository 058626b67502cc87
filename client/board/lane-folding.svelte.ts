import { SvelteSet } from 'svelte/reactivity';
import type { LaneView } from './views.svelte.ts';

/** While one is in a group, the other groups' lanes are out of the way until they are asked for. */
export class LaneFolding {
  readonly #unfolded = new SvelteSet<string>();
  readonly #own: () => LaneView | undefined;

  constructor(own: () => LaneView | undefined) {
    this.#own = own;
  }

  canFold(lane: LaneView): boolean {
    const own = this.#own();
    return own !== undefined && lane.kind === 'group' && lane !== own;
  }

  isFolded = (lane: LaneView): boolean => this.canFold(lane) && !this.#unfolded.has(lane.id);

  unfold(lane: LaneView): void {
    this.#unfolded.add(lane.id);
  }

  fold(lane: LaneView): void {
    this.#unfolded.delete(lane.id);
  }
}
