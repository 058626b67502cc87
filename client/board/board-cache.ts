import * as Y from 'yjs';
import type { UnsavedEdits } from '../connection/unsaved-edits.ts';
import { isRecord, keep, readKept, stringsIn } from './device-storage.ts';
import { deleteUpdates, openUpdateStore, readUpdates, type UpdateStore } from './update-store.ts';

/** Some browsers never answer the first opening of a database. */
const PROBE_LIMIT_MS = 4_000;
const READ_LIMIT_MS = 1_500;
/** The store is opened when the page has shown what it is to show, or at the first own edit. */
const AT_REST_MS = 1_000;
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
  /** Keeps an edit: one's own, or what came from the server. */
  keep(update: Uint8Array, own: boolean): void;
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
 *    its document and leave by its connection. They stay until its own store is open and the server has what they hold.
 * 3. Without IndexedDB (private windows) everything else works.
 */
export async function openBoardCache(parts: CacheParts): Promise<BoardCache> {
  const { doc, unsaved, storage, session, now = Date.now } = parts;
  const prefix = `board-store/${parts.person}/${parts.consultation}/`;
  const name = prefix + String(doc.clientID);
  const adopted = await adoptFrom(parts, prefix);

  let store: UpdateStore | undefined;
  let opening: Promise<void> | undefined;
  let ended = false;
  let atRest: ReturnType<typeof setTimeout> | undefined;
  let soon: ReturnType<typeof setTimeout> | undefined;

  const note = (seen = now()) =>
    keep(storage, name, { seen, waiting: unsaved.count, cards: [...unsaved.cards()] });
  const leaving = ({ persisted }: PageTransitionEvent) => {
    store?.flush();
    if (store) note(persisted ? now() : 0);
  };
  const heartbeat = setInterval(() => store && note(), HEARTBEAT_MS);
  addEventListener('pagehide', leaving);

  async function openStore(): Promise<void> {
    clearTimeout(atRest);
    if (ended || !(await databasesWork())) return;
    // its first row is the whole document: what is written while it opens is in it
    store = await openUpdateStore(name, () => Y.encodeStateAsUpdate(doc)).catch(() => undefined);
    if (!store || ended) return;
    if (session) keepName(session, prefix, name);
    note();
  }
  const stop = () => {
    ended = true;
    clearTimeout(atRest);
    clearTimeout(soon);
    clearInterval(heartbeat);
    removeEventListener('pagehide', leaving);
  };
  const remove = (other: string) => {
    storage?.removeItem(other);
    void deleteUpdates(other);
  };
  if (unsaved.count > 0) opening = openStore();
  return {
    keep(update, own) {
      if (store) return store.keep(update, own);
      if (own) opening ??= openStore();
      else atRest ??= setTimeout(() => (opening ??= openStore()), AT_REST_MS);
    },
    note() {
      if (!store) return;
      clearTimeout(soon);
      soon = setTimeout(note, NOTE_AFTER_MS);
    },
    settled() {
      if (!store) return;
      for (const other of adopted.splice(0)) {
        const entry = readKept(storage, other, readEntry);
        if (!entry || now() - entry.seen > DELETE_AFTER_MS) remove(other);
      }
    },
    async forget() {
      stop();
      adopted.splice(0).forEach(remove);
      await opening;
      store?.close();
      storage?.removeItem(name);
      if (store) await deleteUpdates(name);
    },
    close() {
      stop();
      if (store) note(0);
      store?.close();
      void opening?.then(() => store?.close());
    },
  };
}

/** Merges what tabs that are gone have left, and this one before its reload; answers the names of their stores. */
async function adoptFrom(
  { doc, unsaved, storage, session, now = Date.now }: CacheParts,
  prefix: string,
): Promise<string[]> {
  const before = session?.getItem(prefix);
  const left = entriesUnder(storage, prefix).filter(
    ([name, { seen }]) => name === before || now() - seen >= GONE_AFTER_MS,
  );
  if (left.length === 0 || !(await databasesWork())) return [];
  const adopted: string[] = [];
  for (const [name, entry] of left) {
    const updates = await atMost(READ_LIMIT_MS, readUpdates(name));
    if (!updates) continue;
    // not local: it is not for sending as it comes, the next step 2 carries what the server lacks
    Y.transact(doc, () => updates.forEach((update) => Y.applyUpdate(doc, update)), 'cache', false);
    unsaved.adopted(entry.waiting, entry.cards);
    adopted.push(name);
  }
  return adopted;
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

/** Nothing when it took longer, or failed. */
function atMost<Answer>(ms: number, work: Promise<Answer>): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), ms);
    void work
      .catch(() => undefined)
      .then((answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
  });
}

let works: Promise<boolean> | undefined;

/** Worth asking before it matters: on a page that is starting, the answer takes its time. */
export function databasesWork(): Promise<boolean> {
  works ??= probeDatabases();
  return works;
}

function probeDatabases(): Promise<boolean> {
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
  return atMost(PROBE_LIMIT_MS, opening).then((answer) => answer === true);
}
