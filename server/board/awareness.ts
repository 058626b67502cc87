import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { userOf, type BoardPresence } from '../../shared/board/presence.ts';
import type { Actor } from '../../shared/log/envelope.ts';
import { can } from '../../shared/policy/can.ts';
import { readShortest } from './frames.ts';

/** One client's line of an awareness message. `state` is JSON; `undefined` means gone. */
export interface AwarenessEntry {
  readonly client: number;
  readonly clock: number;
  readonly state: string | undefined;
}

interface Shown extends AwarenessEntry {
  /** The connection that it came by, or the node. */
  readonly by: object | string;
  readonly at: number;
}

const MAX_ENTRIES = 2_000;
const MAX_CARD_CHARS = 100;
const MAX_CURSOR_CHARS = 1_000;
/** As long as stock clients keep someone of whom they hear nothing. */
const OUTDATED_MS = 30_000;
const MAX_GONE = 10_000;

/**
 * Who is at the board, and where their cursor is.
 *
 * 1. Identity is the server's word; a client's own account of it is never passed on.
 * 2. A connection shows one client id, the first that it shows and that is nobody else's. Whatever it says of others is
 *    passed over without a word: stock clients repeat what they hear.
 * 3. It is gone when the connection is.
 */
export class BoardAwareness {
  readonly #shownByClient = new Map<number, Shown>();
  readonly #clientByConnection = new Map<object, number>();
  /** The last clock of those who left: they return to everyone's screen only with a later one. */
  readonly #goneByClient = new Map<number, number>();
  readonly #changed = new Set<number>();

  /**
   * Takes what a connection says of itself. `undefined`: not an awareness message. The answer names the client id, when
   * it has just been shown for the first time, and an answer that makes the client speak up again.
   */
  hear(
    connection: object,
    entries: Uint8Array,
    actor: Actor,
    at: number,
    mayShow: (client: number) => boolean,
  ): { fresh?: number; again?: Uint8Array } | undefined {
    const heard = readEntries(entries);
    if (!heard) return undefined;
    const own = this.#clientByConnection.get(connection);
    const entry = heard.find(({ client }) =>
      own === undefined ? this.#isFree(client) && mayShow(client) : client === own,
    );
    if (!entry || (own === undefined && entry.state === undefined)) return {};
    const { client, clock } = entry;
    const gone = this.#goneByClient.get(client);
    if (own === undefined && gone !== undefined && clock <= gone)
      return { again: writeEntries([{ client, clock: gone, state: undefined }]) };
    const shown = this.#shownByClient.get(client);
    if (shown && (clock < shown.clock || (clock === shown.clock && entry.state !== undefined)))
      return {};
    if (entry.state === undefined) this.#forget(client, clock);
    else this.#show({ client, clock, state: ownState(entry.state, actor), by: connection, at });
    if (own !== undefined || entry.state === undefined) return {};
    this.#clientByConnection.set(connection, client);
    return { fresh: client };
  }

  /** What another node shows of its connections. */
  hearNode(node: string, entries: Uint8Array, at: number): void {
    for (const { client, clock, state } of readEntries(entries) ?? []) {
      const shown = this.#shownByClient.get(client);
      if (shown && typeof shown.by !== 'string') continue;
      if (state === undefined) this.#forget(client, clock);
      else this.#show({ client, clock, state, by: node, at });
    }
  }

  leave(connection: object): void {
    const client = this.#clientByConnection.get(connection);
    this.#clientByConnection.delete(connection);
    if (client !== undefined) this.#forget(client, this.#shownByClient.get(client)?.clock ?? 0);
  }

  /** Drops those of whom nothing was heard for long: people of a node that went down. */
  dropOutdated(now: number): void {
    for (const { client, clock, by, at } of this.#shownByClient.values()) {
      if (typeof by === 'string' && now - at > OUTDATED_MS) this.#forget(client, clock);
    }
  }

  /** What changed since it was last taken, of this node's people or of everyone's. */
  takeChanged(): { all: Uint8Array | undefined; own: Uint8Array | undefined } {
    const changed = [...this.#changed].map((client) => this.#entryOf(client));
    this.#changed.clear();
    const own = changed.filter(
      ({ client }) => typeof this.#shownByClient.get(client)?.by !== 'string',
    );
    return {
      all: changed.length > 0 ? writeEntries(changed) : undefined,
      own: own.length > 0 ? writeEntries(own) : undefined,
    };
  }

  /** Everyone at the board, or everyone of this node. */
  everyone(of: 'all' | 'own' = 'all'): Uint8Array {
    const shown = [...this.#shownByClient.values()];
    return writeEntries(of === 'all' ? shown : shown.filter(({ by }) => typeof by !== 'string'));
  }

  get hasChanged(): boolean {
    return this.#changed.size > 0;
  }

  /** Is it shown by no other connection? */
  #isFree(client: number): boolean {
    const by = this.#shownByClient.get(client)?.by;
    return by === undefined || typeof by === 'string';
  }

  #show(shown: Shown): void {
    this.#shownByClient.set(shown.client, shown);
    this.#changed.add(shown.client);
  }

  #forget(client: number, clock: number): void {
    if (!this.#shownByClient.delete(client)) return;
    this.#changed.add(client);
    this.#goneByClient.delete(client);
    this.#goneByClient.set(client, clock);
    const [oldest] = this.#goneByClient.keys();
    if (this.#goneByClient.size > MAX_GONE && oldest !== undefined)
      this.#goneByClient.delete(oldest);
  }

  #entryOf(client: number): AwarenessEntry {
    const gone = { client, clock: this.#goneByClient.get(client) ?? 0, state: undefined };
    return this.#shownByClient.get(client) ?? gone;
  }
}

export function readEntries(bytes: Uint8Array): AwarenessEntry[] | undefined {
  try {
    const decoder = decoding.createDecoder(bytes);
    const count = readShortest(decoder);
    if (count > MAX_ENTRIES) return undefined;
    const entries: AwarenessEntry[] = [];
    while (entries.length < count) {
      const client = readShortest(decoder);
      const clock = readShortest(decoder);
      const state = decoding.readVarString(decoder);
      entries.push({ client, clock, state: state === 'null' ? undefined : state });
    }
    return decoder.pos === bytes.length ? entries : undefined;
  } catch {
    return undefined;
  }
}

export const writeEntries = (entries: readonly AwarenessEntry[]): Uint8Array =>
  encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, entries.length);
    for (const { client, clock, state } of entries) {
      encoding.writeVarUint(encoder, client);
      encoding.writeVarUint(encoder, clock);
      encoding.writeVarString(encoder, state ?? 'null');
    }
  });

/** What is passed on of someone's own account: where they are. Who may not write has no place on the board. */
function ownState(state: string, actor: Actor): string {
  const user = userOf({ id: actor.person, name: actor.name });
  const { card, cursor } = can(actor, 'board.write') ? whereabouts(state) : {};
  const presence: BoardPresence = {
    user,
    ...(card === undefined ? {} : { card }),
    ...(cursor === undefined ? {} : { cursor }),
  };
  return JSON.stringify(presence);
}

function whereabouts(state: string): Pick<BoardPresence, 'card' | 'cursor'> {
  const { card, cursor } = parsed(state);
  return {
    ...(typeof card === 'string' && card.length <= MAX_CARD_CHARS ? { card } : {}),
    ...(isCursor(cursor) ? { cursor: { anchor: cursor.anchor, head: cursor.head } } : {}),
  };
}

function parsed(state: string): { card?: unknown; cursor?: unknown } {
  try {
    const value: unknown = JSON.parse(state);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

const isCursor = (cursor: unknown): cursor is { anchor: unknown; head: unknown } =>
  typeof cursor === 'object' &&
  cursor !== null &&
  'anchor' in cursor &&
  'head' in cursor &&
  isShort(cursor);

function isShort(cursor: object): boolean {
  try {
    return JSON.stringify(cursor).length <= MAX_CURSOR_CHARS;
  } catch {
    return false; // nested deeper than the stack: it can be read, but not written
  }
}
