import { IndexeddbPersistence, clearDocument } from 'y-indexeddb';
import * as Y from 'yjs';
import type { UnsavedEdits } from '../connection/unsaved-edits.ts';
import { isRecord, keep, readKept, stringsIn } from './device-storage.ts';

/** Some browsers never answer the first opening of a database. */
const OPEN_LIMIT_MS = 1_500;
const HEARTBEAT_MS = 15_000;
/** Noting at every keystroke would cost more than it tells. */
const NOTE_AFTER_MS = 300;
/** A tab that has not been heard of for so long is gone. */
const GONE_AFTER_MS = 60_000;
/** A tab may be frozen rather than gone: its store is deleted only when nobody can be at it any more. */
const DELETE_AFTER_MS = 24 * 3_600_000;

/** A tab's own store, as every tab of this person sees it in localStorage. */
interface Entry {
  /** When the tab last said that it lives; 0: it said goodbye. */
  readonly seen: number;
  /** Edits in it that are not on the server, and the cards they touched. */
  readonly waiting: number;
  readonly cards: readonly string[];
}

export interface BoardCache {
  /** Writes down how much of it is not on the server yet. */
  note(): void;
  /** Everything adopted is on the server now: the stores that it came from can go. */
  settled(): void;
  /** Deletes the store and what was adopted: the server refused what is in it. */
  forget(): Promise<void>;
  close(): void;
}

export interface CacheParts {
  readonly doc: Y.Doc;
  readonly unsaved: UnsavedEdits;
  readonly person: string;
  readonly consultation: string;
  readonly storage: Storage | undefined;
  readonly session: Storage | undefined;
  readonly now?: () => number;
}

/**
 * The board on this device: offline edits survive a reload and merge on return. It is only a cache.
 *
 * 1. Each document has a store of its own, named by its client id; no two tabs write to one store.
 * 2. A tab takes over the store that it had before its reload, and those of tabs that are gone; their edits merge into
 *    its document and leave by its connection.
 * 3. Without IndexedDB (private windows) everything else works.
 */
export async function openBoardCache(parts: CacheParts): Promise<BoardCache | undefined> {
  if (!(await databasesWork())) return undefined;
  const { doc, unsaved, storage, session, now = Date.now } = parts;
  const prefix = `board-store/${parts.person}/${parts.consultation}/`;
  const name = prefix + String(doc.clientID);

  const before = session?.getItem(prefix);
  const adopted: string[] = [];
  for (const [other, entry] of entriesUnder(storage, prefix)) {
    if (other !== before && now() - entry.seen < GONE_AFTER_MS) continue;
    if (!(await adopt(doc, other))) continue;
    unsaved.adopted(entry.waiting, entry.cards);
    adopted.push(other);
  }
  const store = new IndexeddbPersistence(name, doc);
  await atMost(OPEN_LIMIT_MS, store.whenSynced);
  if (session) keepName(session, prefix, name);

  const note = (seen = now()) =>
    keep(storage, name, { seen, waiting: unsaved.count, cards: [...unsaved.cards()] });
  const leaving = ({ persisted }: PageTransitionEvent) => note(persisted ? now() : 0);
  const heartbeat = setInterval(() => note(), HEARTBEAT_MS);
  addEventListener('pagehide', leaving);
  note();

  let soon: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    clearTimeout(soon);
    clearInterval(heartbeat);
    removeEventListener('pagehide', leaving);
  };
  const remove = (other: string) => {
    storage?.removeItem(other);
    void clearDocument(other).catch(() => undefined);
  };
  return {
    note() {
      clearTimeout(soon);
      soon = setTimeout(note, NOTE_AFTER_MS);
    },
    settled() {
      for (const other of adopted.splice(0)) {
        const entry = readKept(storage, other, readEntry);
        if (!entry || now() - entry.seen > DELETE_AFTER_MS) remove(other);
      }
    },
    async forget() {
      stop();
      adopted.splice(0).forEach(remove);
      storage?.removeItem(name);
      await store.clearData();
    },
    close() {
      stop();
      note(0);
      void store.destroy();
    },
  };
}

/** Merges another tab's store into the document; `false` when it can't be read. */
async function adopt(doc: Y.Doc, name: string): Promise<boolean> {
  const other = new Y.Doc();
  const store = new IndexeddbPersistence(name, other);
  const read = await atMost(OPEN_LIMIT_MS, store.whenSynced);
  if (read) Y.applyUpdate(doc, Y.encodeStateAsUpdate(other), 'cache');
  other.destroy();
  return read;
}

function entriesUnder(storage: Storage | undefined, prefix: string): [name: string, Entry][] {
  const names = storage ? Object.keys(storage).filter((key) => key.startsWith(prefix)) : [];
  return names.flatMap((name) => {
    const entry = readKept(storage, name, readEntry);
    return entry ? [[name, entry] as [string, Entry]] : [];
  });
}

const readEntry = (value: unknown): Entry | undefined =>
  isRecord(value)
    ? {
        seen: Number(value['seen']),
        waiting: Number(value['waiting']),
        cards: stringsIn(value['cards']),
      }
    : undefined;

function keepName(session: Storage, key: string, name: string): void {
  try {
    session.setItem(key, name);
  } catch {
    // the store is still found once it counts as gone
  }
}

/** `false` when it took longer. */
function atMost(ms: number, work: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    void work.then(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}

function databasesWork(): Promise<boolean> {
  const opening = new Promise<boolean>((resolve) => {
    try {
      const request = indexedDB.open('board-probe');
      request.onerror = () => resolve(false);
      request.onsuccess = () => {
        request.result.close();
        resolve(true);
      };
    } catch {
      resolve(false);
    }
  });
  return new Promise((resolve) => {
    setTimeout(() => resolve(false), OPEN_LIMIT_MS);
    void opening.then(resolve);
  });
}
