import * as Y from 'yjs';
import { cardsOf, cardText, lanesOf, readCard, textHash } from '../../shared/board/schema.ts';
import type { Draft } from '../../shared/consultation/decision.ts';
import type { BoardRow, StoredBoard } from './update-store.ts';

/** A board as it is on disk: the only thing that anyone is ever shown. */
export class CommittedBoard {
  readonly doc = new Y.Doc();
  readonly epoch: number;
  readonly tabled: Set<string>;
  /** Person by Yjs client id. */
  readonly leases: Map<number, string>;
  #seq: number;

  constructor({ epoch, snapshot, rows, tabled, leases }: StoredBoard) {
    this.epoch = epoch;
    this.tabled = new Set(tabled);
    this.leases = new Map(leases);
    this.#seq = snapshot?.seq ?? 0;
    cardsOf(this.doc);
    lanesOf(this.doc);
    if (snapshot) Y.applyUpdate(this.doc, snapshot.bytes);
    this.take(rows);
    const { pendingStructs, pendingDs } = this.doc.store;
    if (pendingStructs || pendingDs) throw new Error('the stored board is not whole');
  }

  get seq(): number {
    return this.#seq;
  }

  /** Rows that are on disk, right after what is here. */
  take(rows: readonly BoardRow[]): void {
    this.doc.transact(() => {
      for (const { kind, bytes, card } of rows) {
        if (kind === 'tabled') this.tabled.add(card ?? '');
        else if (bytes) Y.applyUpdate(this.doc, bytes);
      }
    });
    this.#seq = rows.at(-1)?.seq ?? this.#seq;
  }

  draftOf(card: string): Draft | undefined {
    const head = readCard(this.doc, card);
    if (!head) return undefined;
    const { author, onBehalfOf, lane } = head;
    const text = cardText(this.doc, card);
    const written = { card, text, textHash: textHash(text), author, lane };
    return onBehalfOf === undefined ? written : { ...written, onBehalfOf };
  }

  encode(): Uint8Array {
    return Y.encodeStateAsUpdate(this.doc);
  }
}
