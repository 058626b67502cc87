import { keep, readKept, stringsIn } from '../board/device-storage.ts';

export const tabs = ['board', 'floor', 'responses', 'agenda'] as const;
export type Tab = (typeof tabs)[number];
export type Side = 'left' | 'right';

const WIDE = '(min-width: 900px)';
const KEY = 'room-columns';

/** Which tab a phone shows, and which columns a desktop has folded away (remembered on this device). */
export class RoomLayout {
  tab = $state<Tab>('board');
  wide = $state(true);
  folded = $state<Record<Side, boolean>>({ left: false, right: false });
  readonly #storage: Storage | undefined;
  readonly #query: MediaQueryList;

  constructor(storage: Storage | undefined) {
    this.#storage = storage;
    this.#query = window.matchMedia(WIDE);
    this.wide = this.#query.matches;
    const kept = readKept(storage, KEY, stringsIn) ?? [];
    this.folded = { left: kept.includes('left'), right: kept.includes('right') };
  }

  /** Follows the window until the returned function is called. */
  follow(): () => void {
    const changed = (event: MediaQueryListEvent) => {
      this.wide = event.matches;
    };
    this.#query.addEventListener('change', changed);
    return () => this.#query.removeEventListener('change', changed);
  }

  fold(side: Side): void {
    this.folded[side] = !this.folded[side];
    const kept = (['left', 'right'] as const).filter((each) => this.folded[each]);
    keep(this.#storage, KEY, kept);
  }
}
