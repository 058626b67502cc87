import * as Y from 'yjs';
import { lookedHash, mergeOf } from '../../shared/board/merging.ts';
import { cardsOf, cardText, lanesOf, picturesOn, readCard } from '../../shared/board/schema.ts';
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
    const { root, merged } = mergeOf(this.doc, card, (id) => this.tabled.has(id));
    const pictures = picturesOn(this.doc, [card, ...merged.map((part) => part.card)]);
    return {
      ...{ card, text, textHash: lookedHash(text, merged), author, lane },
      ...(onBehalfOf !== undefined && { onBehalfOf }),
      ...(root !== undefined && { into: root }),
      ...(merged.length > 0 && { merged }),
      ...(pictures.length > 0 && { pictures }),
    };
  }

  encode(): Uint8Array {
    return Y.encodeStateAsUpdate(this.doc);
  }
}
