import type * as Y from 'yjs';
import type { Copy } from '../../shared/board/authorship.ts';
import type { AdmissionParts } from './admission.ts';
import type { IsTabled } from './parts.ts';

/** An edit of the server's own. */
export interface OwnEdit {
  /** In whose name. */
  readonly person: string;
  /** A fresh client id, should the one tried turn out to be somebody else's. */
  readonly client: () => number;
  readonly change: (doc: Y.Doc, broughtBack: BroughtBack) => void;
}

/**
 * Made on a document that may yet be thrown away: it may be asked for again. What of its new characters was only
 * brought back, it tells `broughtBack`.
 */
export type Edit = (doc: Y.Doc, tabled: IsTabled, broughtBack: BroughtBack) => void;
export type BroughtBack = (copies: readonly Copy[]) => void;

/** Past the rules, but through the same store: tried until no other node's update comes between. */
export async function makeOwnEdit(
  { person, client: nextClient, change }: OwnEdit,
  { consultation, committed, gate, store, now, pull, take }: AdmissionParts,
): Promise<void> {
  let client = nextClient();
  for (;;) {
    let copies: readonly Copy[] = [];
    const bytes = gate.edit(client, (doc) => {
      change(doc, (made) => {
        copies = made;
      });
    });
    if (!bytes) return;
    const update = { person, at: now(), bytes };
    const appended = await store.append({
      consultation,
      expectedSeq: committed.seq,
      updates: [{ ...update, copies }],
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
