import * as Y from 'yjs';
import type { HistoryRow } from '../../../shared/board/history-page.ts';
import { cardsOf, lanesOf } from '../../../shared/board/schema.ts';

export type StepKind =
  | 'made'
  | 'written'
  | 'moved'
  | 'merged'
  | 'pictured'
  | 'removed'
  | 'restored'
  | 'tabled'
  | 'lanes';

/** Something that one person did: what they wrote on in one card within a minute is one. */
export interface PastStep {
  readonly kind: StepKind;
  readonly card?: string;
  readonly person: string;
  /** When it began, in milliseconds since 1970. */
  readonly at: number;
  /** The last number of the board's sequence that belongs to it: there the board is as it was after it. */
  seq: number;
}

const MINUTE = 60_000;
/** What goes on from another kind, if the same person does it to the same card within a minute. */
const goesOn: Readonly<Partial<Record<StepKind, readonly StepKind[]>>> = {
  written: ['written', 'made', 'restored'],
  moved: ['moved', 'made'],
};

/** Never only a part of something else. */
const telling: ReadonlySet<StepKind> = new Set<StepKind>(['removed', 'restored', 'tabled']);

/**
 * Watches a document that goes through a board's rows one by one. Call what it returns after each: it adds what the row
 * did to `steps`, in order of `seq`, and answers the cards whose text or being has changed.
 */
export function followSteps(doc: Y.Doc, steps: PastStep[]): (row: HistoryRow) => Set<string> {
  const cards = cardsOf(doc) as Y.Map<unknown>;
  const lanes = lanesOf(doc) as Y.Map<unknown>;
  const lastByCard = new Map<string, PastStep>();
  const alive = new Set<string>();
  const gone = new Set<string>();
  let done: [StepKind, string | undefined][] = [];

  const note = (kind: StepKind, card?: string) => void done.push([kind, card]);
  doc.on('afterTransaction', ({ changed }: Y.Transaction) => {
    for (const [type, keys] of changed) {
      const item = type._item;
      const parent = item?.parent as Y.AbstractType<unknown> | undefined;
      if (type === (cards as Y.AbstractType<unknown>))
        for (const key of keys) cameOrWent(key ?? '');
      else if (type === (lanes as Y.AbstractType<unknown>) || parent === lanes) note('lanes');
      else if (parent === cards) note(kindOf(keys), item?.parentSub ?? '');
      else if (parent?._item?.parent === cards)
        note(type instanceof Y.Text ? 'written' : 'pictured', parent._item.parentSub ?? '');
    }
  });
  function cameOrWent(id: string): void {
    const was = alive.has(id);
    if (cards.has(id)) {
      if (!was) note(gone.has(id) ? 'restored' : 'made', id);
      alive.add(id);
    } else if (was) {
      note('removed', id);
      alive.delete(id);
      gone.add(id);
    }
  }

  return ({ seq, person, at, kind, card, copies }) => {
    if (kind === 'tabled') note('tabled', card ?? '');
    const touched = new Set<string>();
    for (const [what, id] of done) {
      const brought = what === 'written' && copies.length > 0 ? 'restored' : what;
      if (id !== undefined && what !== 'moved') touched.add(id);
      add({ kind: brought, person, at, seq, ...(id === undefined ? {} : { card: id }) });
    }
    done = [];
    return touched;
  };

  function add(step: PastStep): void {
    const key = step.card ?? '';
    const last = lastByCard.get(key);
    const follows =
      last &&
      last.person === step.person &&
      step.at - last.at < MINUTE &&
      (goesOn[step.kind]?.includes(last.kind) ||
        (last.seq === step.seq && !telling.has(step.kind)));
    if (!follows) {
      lastByCard.set(key, step);
      steps.push(step);
      return;
    }
    last.seq = step.seq;
    // later than what others did meanwhile
    for (let at = steps.lastIndexOf(last); steps[at + 1]; at += 1) {
      const next = steps[at + 1];
      if (!next || next.seq > last.seq) break;
      steps[at] = next;
      steps[at + 1] = last;
    }
  }
}

/** Of the keys of a card that were changed. */
function kindOf(keys: ReadonlySet<string | null>): StepKind {
  if (keys.has('into')) return 'merged';
  return keys.has('files') ? 'pictured' : 'moved';
}
