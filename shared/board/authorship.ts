import * as Y from 'yjs';

/** Who wrote something, and when: milliseconds since 1970 by the server's clock, true to the minute. */
export interface Authored {
  readonly person: string;
  readonly at: number;
  /** Who brought it back after it had been deleted, where that was somebody else. */
  readonly by?: string;
}

export interface AuthoredText extends Authored {
  readonly text: string;
}

/** These characters were not written where they stand, but brought back: they are those that were written there. */
export interface Copy {
  readonly client: number;
  readonly clock: number;
  readonly length: number;
  readonly of: { readonly client: number; readonly clock: number };
}

/** A stored row of a board, as far as it tells who wrote what. */
export interface WrittenRow {
  readonly person: string;
  readonly at: number;
  /** `null`: it brought no text. */
  readonly bytes: Uint8Array | null;
  readonly copies?: readonly Copy[];
}

/** Characters that stand in a text now, as one client wrote them one after another. */
export interface Span {
  readonly client: number;
  readonly clock: number;
  readonly text: string;
}

interface Range {
  from: number;
  to: number;
}
interface Piece extends Range, Authored {
  /** Where its first character was first written, if that was elsewhere. */
  readonly of?: Copy['of'];
}
interface Words extends Range {
  text: string;
}
interface Known {
  readonly pieces: Piece[];
  readonly words: Words[];
  readonly deleted: Range[];
}

/** Within it, what one person writes on has one time. */
const MINUTE = 60_000;

/**
 * Who wrote which character of a board, learned from its rows: the server's own word, since it lets nobody but its
 * person write under a client id. Nothing that stands in the document (author fields, awareness) is asked.
 *
 * 1. Rows are learned in their order, each once. The first row that brings a character says whose it is, for ever.
 * 2. What an undo brings back are new characters to Yjs; here they stay their writer's. They are known by where they
 *    are put: right before the deleted ones whose words they repeat, as nothing is that is typed.
 */
export class Authorship {
  readonly #knownByClient = new Map<number, Known>();

  learn({ person, at, bytes, copies = [] }: WrittenRow): void {
    if (!bytes) return;
    const { structs, ds } = Y.decodeUpdate(bytes);
    for (const struct of structs) this.#noteWords(struct);
    for (const [client, ranges] of ds.clients) {
      for (const { clock, len } of ranges)
        addRange(this.#known(client).deleted, { from: clock, to: clock + len });
    }
    for (const struct of structs) {
      const broughtBack = this.#undone(struct) ?? copies.filter((copy) => isWithin(copy, struct));
      this.#attribute(struct, { person, at }, broughtBack);
    }
  }

  /** The same text, cut where another wrote, or the same at another time. */
  authorsOf(spans: readonly Span[]): AuthoredText[] {
    const runs: AuthoredText[] = [];
    for (const { client, clock, text } of spans) {
      for (const { from, to, ...authored } of this.#piecesOf(client, clock, clock + text.length)) {
        const run = { ...plainly(authored), text: text.slice(from - clock, to - clock) };
        const last = runs[runs.length - 1];
        if (last && isSame(last, run))
          runs[runs.length - 1] = { ...last, text: last.text + run.text };
        else runs.push(run);
      }
    }
    return runs;
  }

  /** Where each character was first written: through however many copies. */
  originsOf({ client, clock, text }: Span): Copy['of'][] {
    const origins = Array.from(text.split(''), (_, n) => ({ client, clock: clock + n }));
    for (const { from, to, of } of this.#piecesOf(client, clock, clock + text.length)) {
      if (!of) continue;
      for (let at = from; at < to; at += 1)
        origins[at - clock] = { client: of.client, clock: of.clock + at - from };
    }
    return origins;
  }

  #known(client: number): Known {
    const known = this.#knownByClient.get(client) ?? { pieces: [], words: [], deleted: [] };
    this.#knownByClient.set(client, known);
    return known;
  }

  #noteWords(struct: Struct): void {
    const text = wordsOf(struct);
    if (text === undefined) return;
    const { client, clock } = struct.id;
    const { words } = this.#known(client);
    const last = words[words.length - 1];
    if (last && last.to > clock) return;
    if (last?.to === clock) {
      last.text += text;
      last.to += text.length;
    } else words.push({ from: clock, to: clock + text.length, text });
  }

  #undone(struct: Struct): readonly Copy[] | undefined {
    const text = wordsOf(struct);
    if (text === undefined) return undefined;
    const { id, rightOrigin: of } = struct as Y.Item;
    const there = of && this.#knownByClient.get(of.client);
    if (!there) return undefined;
    const { length } = text;
    const words = there.words[indexAt(there.words, of.clock)];
    const gone = there.deleted[indexAt(there.deleted, of.clock)];
    if (!words || !gone || gone.from > of.clock || gone.to < of.clock + length) return undefined;
    const start = of.clock - words.from;
    if (start < 0 || words.text.slice(start, start + length) !== text) return undefined;
    return [{ client: id.client, clock: id.clock, length, of }];
  }

  #attribute(struct: Struct, writer: Authored, copies: readonly Copy[]): void {
    const { client, clock } = struct.id;
    const { pieces } = this.#known(client);
    let from = Math.max(clock, pieces[pieces.length - 1]?.to ?? 0);
    const to = clock + struct.length;
    for (const copy of [...copies].sort((a, b) => a.clock - b.clock)) {
      if (copy.clock < from) continue;
      if (copy.clock > from) addPiece(pieces, { ...writer, from, to: copy.clock });
      this.#copy(pieces, copy, writer);
      from = copy.clock + copy.length;
    }
    if (from < to) addPiece(pieces, { ...writer, from, to });
  }

  #copy(pieces: Piece[], { clock, length, of }: Copy, writer: Authored): void {
    const shift = clock - of.clock;
    let from = clock;
    for (const source of this.#piecesOf(of.client, of.clock, of.clock + length)) {
      const { person, at } = source;
      const by = person === writer.person ? undefined : writer.person;
      const origin = source.of ?? { client: of.client, clock: source.from };
      const place = { from: source.from + shift, to: source.to + shift, of: origin };
      addPiece(pieces, { ...place, person, at, ...(by === undefined ? {} : { by }) });
      from = place.to;
    }
    // what it is said to copy was never written
    if (from < clock + length) addPiece(pieces, { ...writer, from, to: clock + length });
  }

  #piecesOf(client: number, from: number, to: number): Piece[] {
    const pieces = this.#knownByClient.get(client)?.pieces ?? [];
    const found: Piece[] = [];
    for (let index = indexAt(pieces, from); index < pieces.length; index += 1) {
      const piece = pieces[index];
      if (!piece || piece.from >= to) break;
      const start = Math.max(piece.from, from);
      const skipped = start - piece.from;
      const of = piece.of && { ...piece.of, clock: piece.of.clock + skipped };
      found.push({ ...piece, from: start, to: Math.min(piece.to, to), ...(of ? { of } : {}) });
    }
    return found;
  }
}

/** What of a text stands there now. */
export function spansOf(body: Y.Text): Span[] {
  const spans: Span[] = [];
  for (let item = body._start; item; item = item.right) {
    const text = item.deleted ? undefined : wordsOf(item);
    if (text !== undefined) spans.push({ ...item.id, text });
  }
  return spans;
}

type Struct = Y.Item | Y.GC | Y.Skip;

const wordsOf = (struct: Struct): string | undefined =>
  struct instanceof Y.Item && struct.content instanceof Y.ContentString
    ? struct.content.str
    : undefined;

const isWithin = (copy: Copy, { id, length }: Struct): boolean =>
  copy.client === id.client &&
  copy.clock >= id.clock &&
  copy.clock + copy.length <= id.clock + length;

const plainly = ({ person, at, by }: Authored): Authored =>
  by === undefined ? { person, at } : { person, at, by };

const isSame = (a: Authored, b: Authored): boolean =>
  a.person === b.person && a.by === b.by && Math.abs(a.at - b.at) < MINUTE;

/** At the end of what is known of its client. What was written on within a minute stays one piece. */
function addPiece(pieces: Piece[], piece: Piece): void {
  const last = pieces[pieces.length - 1];
  const follows = last?.to === piece.from && isSame(last, piece);
  if (follows && !last.of && !piece.of) last.to = piece.to;
  else pieces.push(piece);
}

/** Index of the first that ends after a clock. */
function indexAt(ranges: readonly Range[], clock: number): number {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ranges[middle]?.to ?? Infinity) > clock) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Keeps them apart and in order: what touches becomes one. */
function addRange(ranges: Range[], { from, to }: Range): void {
  const start = indexAt(ranges, from - 1);
  let end = start;
  for (; (ranges[end]?.from ?? Infinity) <= to; end += 1) {
    from = Math.min(from, ranges[end]?.from ?? from);
    to = Math.max(to, ranges[end]?.to ?? to);
  }
  ranges.splice(start, end - start, { from, to });
}
