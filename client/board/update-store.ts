import * as idb from 'lib0/indexeddb';
import * as Y from 'yjs';

const ROWS = 'updates';
/** One's own are written after the frame that shows them, and before anyone could leave the page. */
const OWN_WAIT_MS = 50;
/** Others' edits wait for each other: a transaction of the database costs more than all else that an edit costs. */
const OTHERS_WAIT_MS = 1_000;
/** So many rows become one. */
const MANY_ROWS = 500;

/** A document's updates in a database of this device. It is only a cache: what can't be written is not missed. */
export interface UpdateStore {
  /** One's own is written as soon as it is shown, others' a while later. */
  keep(update: Uint8Array, own: boolean): void;
  /** Writes what waits. */
  flush(): void;
  close(): void;
}

const openDatabase = (name: string): Promise<IDBDatabase> =>
  idb.openDB(name, (database) => idb.createStores(database, [[ROWS, { autoIncrement: true }]]));

/** `whole`: the document as it is, for the first row and whenever there are too many. */
export async function openUpdateStore(name: string, whole: () => Uint8Array): Promise<UpdateStore> {
  const database = await openDatabase(name);
  const waiting: Uint8Array[] = [];
  let rows = MANY_ROWS;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ownWaits = false;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    ownWaits = false;
    const updates = waiting.splice(0);
    try {
      const store = database.transaction([ROWS], 'readwrite').objectStore(ROWS);
      if (rows < MANY_ROWS) {
        if (updates.length > 0) store.add(Y.mergeUpdates(updates));
      } else {
        // in one transaction: the rows, or what they come to
        rows = 0;
        store.clear();
        store.add(whole());
      }
      rows += 1;
    } catch {
      // the browser, or another tab, has taken the database away
    }
  }
  flush();

  return {
    keep(update, own) {
      waiting.push(update);
      if (own && !ownWaits) clearTimeout(timer);
      if ((own && !ownWaits) || timer === undefined)
        timer = setTimeout(flush, own ? OWN_WAIT_MS : OTHERS_WAIT_MS);
      ownWaits ||= own;
    },
    flush() {
      if (waiting.length > 0) flush();
    },
    close() {
      if (waiting.length > 0) flush();
      database.close();
    },
  };
}

export async function readUpdates(name: string): Promise<Uint8Array[]> {
  const database = await openDatabase(name);
  try {
    const [rows] = idb.transact(database, [ROWS], 'readonly');
    return rows ? ((await idb.getAll(rows)) as Uint8Array[]) : [];
  } finally {
    database.close();
  }
}

export const deleteUpdates = (name: string): Promise<void> =>
  idb.deleteDB(name).catch(() => undefined) as Promise<void>;
