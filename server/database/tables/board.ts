/** Tables of the boards: a log of updates, and snapshots that spare reading it from the beginning. */
export interface BoardTables {
  board_head: BoardHeadTable;
  board_update: BoardUpdateTable;
  board_snapshot: BoardSnapshotTable;
  board_lease: BoardLeaseTable;
  board_copy: BoardCopyTable;
}

/** One row a board: appending moves it on from the sequence that the writer expects, or not at all. */
export interface BoardHeadTable {
  consultation: string;
  seq: number;
  epoch: number;
}

export interface BoardUpdateTable {
  consultation: string;
  /** 1, 2, 3 … within the board. */
  seq: number;
  kind: 'update' | 'tabled';
  /** The card, for `tabled`. */
  card: string | null;
  person: string;
  at: number;
  /** A Yjs update, for `update`. */
  bytes: Buffer | null;
}

export interface BoardSnapshotTable {
  consultation: string;
  /** The last update that it holds. */
  seq: number;
  bytes: Buffer;
}

/** Which person first showed a Yjs client id on a board: nobody else may write under it. */
export interface BoardLeaseTable {
  consultation: string;
  client_id: number;
  person: string;
}

/** Characters that the server itself brought back in a row: written by whoever first wrote them. */
export interface BoardCopyTable {
  consultation: string;
  seq: number;
  client_id: number;
  clock: number;
  length: number;
  of_client: number;
  of_clock: number;
}
