import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { cardText, cardsOf, readCard } from '../../shared/board/schema.ts';
import { openBoardSocket, type BoardSocket, type Reset } from '../connection/board-socket.ts';
import { UnsavedEdits } from '../connection/unsaved-edits.ts';
import { openBoardCache, type BoardCache } from './board-cache.ts';
import { keptDrafts, type KeptDraft, type KeptDrafts } from './kept-drafts.ts';

export interface SessionParts {
  readonly url: string;
  readonly consultation: string;
  readonly person: string;
  readonly storage: Storage | undefined;
  readonly session: Storage | undefined;
  readonly WebSocket?: typeof WebSocket;
  /** A fresh document takes the place of any before. */
  readonly onDocument: (doc: Y.Doc, awareness: Awareness) => void;
  /** Something about the connection, what is unsaved or the kept drafts has changed. */
  readonly onChange: () => void;
}

/**
 * The board's document on this device with its connection and its cache, through resets: whatever the server refuses,
 * no words are lost.
 */
export class BoardSession {
  readonly unsaved = new UnsavedEdits();
  readonly drafts: KeptDrafts;
  doc = new Y.Doc();
  awareness = new Awareness(this.doc);
  socket: BoardSocket | undefined;
  closedCode: number | undefined;
  readonly #parts: SessionParts;
  #cache: BoardCache | undefined;
  #closed = false;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    const { storage, person, consultation } = parts;
    this.drafts = keptDrafts(storage, person, consultation, () => this.#changed());
    parts.onDocument(this.doc, this.awareness);
    void this.#connect(undefined);
  }

  /** The cache first, so that the first exchange with the server carries what waited on this device. */
  async #connect(epoch: string | undefined): Promise<void> {
    const { doc, awareness, unsaved } = this;
    const { url, consultation, person, storage, session } = this.#parts;
    const socket = openBoardSocket({
      url,
      consultation,
      doc,
      awareness,
      unsaved,
      epoch,
      ...(this.#parts.WebSocket ? { WebSocket: this.#parts.WebSocket } : {}),
      cardsIn: cardsTouched,
      onUpdate: (update, own) => this.#cache?.keep(update, own),
      onChange: () => this.#changed(),
      onReset: (reset) => void this.#reset(reset),
      onClosed: (code) => {
        this.closedCode = code;
        this.#changed();
      },
    });
    this.socket = socket;
    const cache = await openBoardCache({ doc, unsaved, person, consultation, storage, session });
    if (this.#closed || doc !== this.doc) return cache.close();
    this.#cache = cache;
    socket.connect();
    this.#changed();
  }

  #changed(): void {
    if (this.#closed) return;
    this.#cache?.note();
    if (this.socket?.synced) {
      if (this.unsaved.count === 0) this.#cache?.settled();
      this.#dropDraftsThatArrived();
    }
    this.#parts.onChange();
  }

  /** Keeps the words that are not on the server, and begins again with an empty copy under a new client id. */
  async #reset({ epoch }: Reset): Promise<void> {
    this.drafts.add(unsavedTexts(this.doc, this.unsaved.cards()));
    const { doc, socket } = this;
    const cache = this.#cache;
    this.#cache = undefined;
    this.socket = undefined;
    this.doc = new Y.Doc();
    this.awareness = new Awareness(this.doc);
    this.unsaved.clear();
    socket?.close();
    this.#parts.onDocument(this.doc, this.awareness);
    this.#parts.onChange();
    await cache?.forget();
    doc.destroy();
    if (!this.#closed) await this.#connect(epoch);
  }

  /** What the server turned out to have after all needs no keeping. */
  #dropDraftsThatArrived(): void {
    for (const { id, card, text } of this.drafts.list()) {
      if (cardText(this.doc, card) === text) this.drafts.remove(id);
    }
  }

  close(): void {
    this.#closed = true;
    this.drafts.close();
    this.socket?.close();
    this.#cache?.close();
    this.doc.destroy();
  }
}

function unsavedTexts(doc: Y.Doc, cards: Iterable<string>): KeptDraft[] {
  return [...cards].flatMap((card) => {
    const text = cardText(doc, card);
    if (text.trim() === '') return [];
    const lane = readCard(doc, card)?.lane ?? '';
    return [{ id: `${card}/${String(doc.clientID)}`, card, text, lane, at: Date.now() }];
  });
}

/** Ids of the cards that a transaction changed, added or removed. */
export function cardsTouched({ changed, doc }: Y.Transaction): Set<string> {
  const cards = cardsOf(doc) as Y.AbstractType<unknown>;
  const touched = new Set<string>();
  for (const [type, keys] of changed) {
    if (type === cards) {
      for (const key of keys) if (key !== null) touched.add(key);
      continue;
    }
    let item = type._item;
    while (item && item.parent !== cards) item = (item.parent as Y.AbstractType<unknown>)._item;
    if (item?.parentSub) touched.add(item.parentSub);
  }
  return touched;
}
