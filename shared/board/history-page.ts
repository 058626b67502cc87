import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type { Copy } from './authorship.ts';

/** One number of a board's sequence, as the history tells it. */
export interface HistoryRow {
  readonly seq: number;
  readonly kind: 'update' | 'tabled';
  /** Of a tabling. */
  readonly card: string | null;
  /** Empty for a tabling: who tabled is the record's to say. */
  readonly person: string;
  /** Milliseconds since 1970 by the server's clock. */
  readonly at: number;
  readonly bytes: Uint8Array | null;
  readonly copies: readonly Copy[];
}

export interface HistoryPage {
  readonly rows: readonly HistoryRow[];
  /** The board's last number, as of now. */
  readonly head: number;
}

/** Of people by their ids: of those, too, who are no longer on the roster. */
export type Names = Readonly<Record<string, string>>;

const VERSION = 1;
const kinds = ['update', 'tabled'] as const;

/** People come again and again: each is named once a page. */
export function writeHistoryPage({ rows, head }: HistoryPage, names: Names): Uint8Array {
  const people = [...new Set(rows.map(({ person }) => person))];
  const indexOf = new Map(people.map((person, index) => [person, index]));
  return encoding.encode((encoder) => {
    const number = (value: number) => encoding.writeVarUint(encoder, value);
    number(VERSION);
    number(head);
    number(people.length);
    for (const person of people) {
      encoding.writeVarString(encoder, person);
      encoding.writeVarString(encoder, names[person] ?? '');
    }
    number(rows.length);
    for (const { seq, kind, card, person, at, bytes, copies } of rows) {
      number(seq);
      number(kinds.indexOf(kind));
      number(indexOf.get(person) ?? 0);
      number(at);
      encoding.writeVarString(encoder, card ?? '');
      encoding.writeVarUint8Array(encoder, bytes ?? new Uint8Array());
      number(copies.length);
      for (const { client, clock, length, of } of copies)
        for (const part of [client, clock, length, of.client, of.clock]) number(part);
    }
  });
}

/** Throws when it is no page of this version. */
export function readHistoryPage(page: Uint8Array): HistoryPage & { readonly names: Names } {
  const decoder = decoding.createDecoder(page);
  const number = () => decoding.readVarUint(decoder);
  const list = <T>(read: () => T): T[] => Array.from({ length: number() }, read);
  if (number() !== VERSION) throw new Error('a history page of another version');
  const head = number();
  const names: Record<string, string> = {};
  const people = list(() => {
    const person = decoding.readVarString(decoder);
    const name = decoding.readVarString(decoder);
    if (name !== '') names[person] = name;
    return person;
  });
  const rows = list((): HistoryRow => {
    const seq = number();
    const kind = kinds[number()] ?? 'update';
    const person = people[number()] ?? '';
    const at = number();
    const card = decoding.readVarString(decoder);
    const bytes = decoding.readVarUint8Array(decoder);
    const copies = list((): Copy => ({
      client: number(),
      clock: number(),
      length: number(),
      of: { client: number(), clock: number() },
    }));
    const update = kind === 'update';
    return {
      seq,
      kind,
      card: update ? null : card,
      person,
      at,
      bytes: update ? bytes : null,
      copies,
    };
  });
  return { rows, head, names };
}
