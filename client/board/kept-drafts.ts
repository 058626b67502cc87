import { isRecord, keep, readKept } from './device-storage.ts';

/** Words that the server did not take, kept on this device until their writer adds them again or lets them go. */
export interface KeptDraft {
  readonly id: string;
  /** The card that they were written on. */
  readonly card: string;
  readonly text: string;
  /** Where the card was, if that lane still exists. */
  readonly lane: string;
  readonly at: number;
}

export interface KeptDrafts {
  /** The same array while they are the same drafts. */
  list(): readonly KeptDraft[];
  add(drafts: readonly KeptDraft[]): void;
  remove(id: string): void;
  close(): void;
}

/**
 * Drafts of one person in one consultation, the same in all of this browser's tabs; `onChange` tells what another tab
 * did. What can't be stored is still held while the page lives.
 */
export function keptDrafts(
  storage: Storage | undefined,
  person: string,
  consultation: string,
  onChange: () => void = () => undefined,
): KeptDrafts {
  const key = `board-drafts/${person}/${consultation}`;
  let drafts: readonly KeptDraft[] = [];
  let seen: string | null | undefined;

  /** Whatever another tab has written since; a storage that takes nothing says the same for ever. */
  function look(): readonly KeptDraft[] {
    const now = rawIn(storage, key);
    if (now === seen) return drafts;
    seen = now;
    drafts = readKept(storage, key, readDrafts) ?? [];
    return drafts;
  }
  function change(next: readonly KeptDraft[]): void {
    if (next.length > 0) keep(storage, key, next);
    else storage?.removeItem(key);
    drafts = next;
    seen = rawIn(storage, key);
  }
  const toldOf = (event: StorageEvent) => {
    if (event.key === key || event.key === null) onChange();
  };
  addEventListener('storage', toldOf);
  return {
    list: look,
    add: (more) =>
      change([...look().filter(({ id }) => !more.some((draft) => draft.id === id)), ...more]),
    remove: (id) => change(look().filter((draft) => draft.id !== id)),
    close: () => removeEventListener('storage', toldOf),
  };
}

function rawIn(storage: Storage | undefined, key: string): string | null {
  try {
    return storage?.getItem(key) ?? null;
  } catch {
    return null;
  }
}

const readDrafts = (value: unknown): readonly KeptDraft[] | undefined =>
  Array.isArray(value) ? value.filter(isDraft) : undefined;

const isDraft = (value: unknown): value is KeptDraft =>
  isRecord(value) &&
  typeof value['id'] === 'string' &&
  typeof value['card'] === 'string' &&
  typeof value['text'] === 'string' &&
  typeof value['lane'] === 'string' &&
  typeof value['at'] === 'number';
