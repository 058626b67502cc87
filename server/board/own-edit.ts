import type * as Y from 'yjs';
import type { AdmissionParts } from './admission.ts';

/** An edit of the server's own. */
export interface OwnEdit {
  /** In whose name. */
  readonly person: string;
  /** A fresh client id, should the one tried turn out to be somebody else's. */
  readonly client: () => number;
  /** Made on a document that may yet be thrown away: it may be asked for again. */
  readonly change: (doc: Y.Doc) => void;
}

/** Past the rules, but through the same store: tried until no other node's update comes between. */
export async function makeOwnEdit(
  { person, client: nextClient, change }: OwnEdit,
  { consultation, committed, gate, store, now, pull, take }: AdmissionParts,
): Promise<void> {
  let client = nextClient();
  for (;;) {
    const bytes = gate.edit(client, change);
    if (!bytes) return;
    const update = { person, at: now(), bytes };
    const appended = await store.append({
      consultation,
      expectedSeq: committed.seq,
      updates: [update],
      leases: new Map([[client, person]]),
    });
    if ('seq' in appended) {
      gate.committed();
      committed.leases.set(client, person);
      return take([{ ...update, seq: appended.seq, kind: 'update', card: null }], []);
    }
    gate.abandon();
    if ('foreign' in appended) client = nextClient();
    else await pull();
  }
}
