/** Tables of the record. JSON columns hold text on both databases; times are milliseconds since 1970. */
export interface LogTables {
  event: EventTable;
  stream_head: StreamHeadTable;
  receipt: ReceiptTable;
  personal_text: PersonalTextTable;
}

export interface EventTable {
  stream: string;
  seq: number;
  type: string;
  data: string;
  personal: string | null;
  actor: string;
  at: number;
  command_id: string;
  /** Place among the events of its command, counted from 0. */
  command_index: number;
  prev_hash: string;
  hash: string;
}

/** One row a stream: appending moves it on from the sequence that the writer expects, or not at all. */
export interface StreamHeadTable {
  stream: string;
  seq: number;
  hash: string;
}

/** What became of a command, so that a retry gets the same answer. */
export interface ReceiptTable {
  stream: string;
  command_id: string;
  actor: string;
  seq: number;
  at: number;
}

/** Words of guests: the log has only their salted hash, so that they can be erased. */
export interface PersonalTextTable {
  ref: string;
  subject: string;
  salt: string;
  text: string;
}
