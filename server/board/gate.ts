import * as Y from 'yjs';
import { cardsOf, lanesOf } from '../../shared/board/schema.ts';
import type { Actor } from '../../shared/log/envelope.ts';
import { MAX_UPDATE_BYTES, type ResetReason } from '../../shared/wire/board-frames.ts';
import { whyRefused, type KnownCard } from './board-rules.ts';
import { followsOn, isKnown, newClients, type UpdateForm } from './update-form.ts';

export interface Writer {
  readonly actor: Actor;
  readonly tabled: (card: string) => boolean;
  /** Whose a client id is; `undefined` while it is nobody's. */
  readonly ownerOf: (client: number) => string | undefined;
}

export type Judgement =
  /** Nothing in it is new. */
  | { readonly known: true }
  /** To be stored and relayed: only what is new, in our own words. `clients` wrote it. */
  | { readonly admitted: Uint8Array; readonly clients: readonly number[] }
  | { readonly refused: ResetReason };

/**
 * Stands before the board: what Yjs would take from anyone passes here first, or not at all.
 *
 * 1. The shadow is the committed document and what was admitted since, in order; nothing else ever stays in it. After a
 *    refusal that touched it, it is made anew, when next needed.
 * 2. What is admitted was written by the shadow's own encoder: no byte of a client's is stored or relayed as it came.
 * 3. Nothing is left pending: what builds on unknown structs is refused.
 */
export class Gate {
  readonly #committed: () => Y.Doc;
  #shadow: Y.Doc | undefined;
  #uncommitted: Uint8Array[] = [];
  readonly #cards = new Map<string, KnownCard>();
  #writer: Writer | undefined;
  #refused: ResetReason | undefined;
  #emitted: Uint8Array | undefined;

  constructor(committed: () => Y.Doc) {
    this.#committed = committed;
  }

  judge(update: Uint8Array, form: UpdateForm, writer: Writer): Judgement {
    const shadow = this.#open();
    if (isKnown(shadow, form)) return { known: true };
    if (!followsOn(shadow, form)) return { refused: 'gap' };
    const clients = newClients(shadow, form);
    const { ownerOf, actor } = writer;
    if (clients.some((client) => (ownerOf(client) ?? actor.person) !== actor.person))
      return { refused: 'foreign_client' };
    const outcome = this.#try(writer, () => Y.applyUpdate(shadow, update));
    if (typeof outcome === 'string') return { refused: outcome };
    return outcome ? { admitted: outcome, clients } : { known: true };
  }

  /** The server's own edit, under a client id of the person in whose name it is made. Throws what `change` throws. */
  edit(client: number, change: (doc: Y.Doc) => void): Uint8Array | undefined {
    const shadow = this.#open();
    shadow.clientID = client;
    const outcome = this.#try(undefined, () => shadow.transact(() => change(shadow)));
    if (typeof outcome === 'string') throw new Error(`the board refused its own edit: ${outcome}`);
    return outcome;
  }

  /** What was admitted is on disk, and in the committed document. */
  committed(): void {
    this.#uncommitted = [];
  }

  /** What was admitted came to nothing. */
  abandon(): void {
    this.#uncommitted = [];
    this.#drop();
  }

  /** What another node admitted. Call while nothing is uncommitted. */
  absorb(update: Uint8Array): void {
    if (this.#shadow) Y.applyUpdate(this.#shadow, update);
  }

  close(): void {
    this.abandon();
  }

  /** Applies a change and answers what is new in it; a refusal or a fault drops the shadow. */
  #try(writer: Writer | undefined, change: () => void): Uint8Array | ResetReason | undefined {
    this.#writer = writer;
    this.#refused = this.#emitted = undefined;
    const whole = this.#applied(change, writer !== undefined);
    this.#writer = undefined;
    const emitted = this.#emitted as Uint8Array | undefined;
    this.#refused ??= !whole ? 'invalid' : undefined;
    if (emitted && emitted.length > MAX_UPDATE_BYTES && writer) this.#refused ??= 'too_large';
    if (this.#refused) {
      this.#drop();
      return this.#refused;
    }
    if (emitted) this.#uncommitted.push(emitted);
    return emitted;
  }

  #applied(change: () => void, foreign: boolean): boolean {
    try {
      change();
    } catch (fault) {
      this.#drop();
      if (!foreign) throw fault;
      return false;
    }
    const { pendingStructs, pendingDs } = this.#shadow?.store ?? {};
    if (pendingStructs || pendingDs) this.#refused = 'gap';
    return true;
  }

  #open(): Y.Doc {
    if (this.#shadow) return this.#shadow;
    const shadow = new Y.Doc();
    // roots get their types before an update can name them
    const cards = cardsOf(shadow);
    lanesOf(shadow);
    Y.applyUpdate(shadow, Y.encodeStateAsUpdate(this.#committed()));
    for (const update of this.#uncommitted) Y.applyUpdate(shadow, update);
    this.#cards.clear();
    for (const id of cards.keys()) this.#note(shadow, id);
    shadow.on('afterTransaction', (transaction: Y.Transaction) => this.#look(transaction));
    shadow.on('update', (update: Uint8Array) => {
      this.#emitted = update;
    });
    return (this.#shadow = shadow);
  }

  #look(transaction: Y.Transaction): void {
    const { doc, changed } = transaction;
    if (this.#writer) {
      const { actor, tabled } = this.#writer;
      this.#refused = whyRefused(transaction, { actor, tabled, cardsBefore: this.#cards });
    }
    const cards = cardsOf(doc) as Y.AbstractType<unknown>;
    for (const [type, keys] of changed) {
      if (type === cards) for (const id of keys) if (id !== null) this.#note(doc, id);
    }
  }

  #note(doc: Y.Doc, id: string): void {
    const map = cardsOf(doc).get(id);
    if (!(map instanceof Y.Map)) return void this.#cards.delete(id);
    const owners = [map.get('author'), map.get('onBehalfOf')].filter(
      (owner) => typeof owner === 'string',
    );
    this.#cards.set(id, { map: map as Y.AbstractType<unknown>, owners });
  }

  #drop(): void {
    this.#shadow?.destroy();
    this.#shadow = undefined;
  }
}
