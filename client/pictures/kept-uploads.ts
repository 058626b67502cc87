/** A picture that is on its way, as this device keeps it until the server has it. */
export interface KeptUpload {
  readonly id: string;
  readonly person: string;
  readonly consultation: string;
  readonly card: string;
  readonly name: string;
  readonly blob: Blob;
  readonly at: number;
  readonly location?: string | undefined;
}

export interface KeptUploads {
  /** `false` where the browser keeps nothing: then a reload loses it. */
  keep(upload: KeptUpload): Promise<boolean>;
  drop(id: string): Promise<void>;
  /** This person's in this consultation, oldest first. What is too old is dropped, whosever it is. */
  list(person: string, consultation: string): Promise<KeptUpload[]>;
}

const NAME = 'shangliang-pictures';
const STORE = 'uploads';
/** The server forgets what is begun and not gone on with after a day. */
const TOO_OLD_MS = 24 * 3_600_000;

/** In IndexedDB, where files can be kept whole. Opened when first used; every failure means that nothing is kept. */
export function keptUploads(now: () => number = Date.now): KeptUploads {
  let opened: Promise<IDBDatabase> | undefined;
  const open = () =>
    (opened ??= new Promise<IDBDatabase>((resolve, reject) => {
      const asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: 'id' });
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error ?? new Error('indexedDB'));
    }));
  const within = async <T>(
    mode: IDBTransactionMode,
    act: (store: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T> => {
    const database = await open();
    return new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const asked = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onerror = () => reject(transaction.error ?? new Error('indexedDB'));
      transaction.onabort = () => reject(transaction.error ?? new Error('indexedDB'));
    });
  };
  return {
    keep: (upload) =>
      within('readwrite', (store) => store.put(upload)).then(
        () => true,
        () => false,
      ),
    drop: (id) =>
      within('readwrite', (store) => store.delete(id)).then(
        () => undefined,
        () => undefined,
      ),
    async list(person, consultation) {
      const all: KeptUpload[] = await within('readonly', (store) => store.getAll()).catch(() => []);
      const old = all.filter(({ at }) => at < now() - TOO_OLD_MS);
      for (const { id } of old) await this.drop(id);
      return all
        .filter((each) => each.person === person && each.consultation === consultation)
        .filter((each) => !old.includes(each))
        .sort((a, b) => a.at - b.at);
    },
  };
}
