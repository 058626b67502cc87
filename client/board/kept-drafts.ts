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
  list(): readonly KeptDraft[];
  add(drafts: readonly KeptDraft[]): void;
  remove(id: string): void;
}

/** Drafts of one person in one consultation. What can't be stored is still held while the page lives. */
export function keptDrafts(
  storage: Storage | undefined,
  person: string,
  consultation: string,
): KeptDrafts {
  const key = `board-drafts/${person}/${consultation}`;
  let drafts = readKept(storage, key, readDrafts) ?? [];
  const change = (next: readonly KeptDraft[]) => {
    drafts = next;
    if (next.length > 0) keep(storage, key, next);
    else storage?.removeItem(key);
  };
  return {
    list: () => drafts,
    add: (more) =>
      change([...drafts.filter(({ id }) => !more.some((draft) => draft.id === id)), ...more]),
    remove: (id) => change(drafts.filter((draft) => draft.id !== id)),
  };
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
