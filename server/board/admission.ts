import { setTimeout as pause } from 'node:timers/promises';
import { can } from '../../shared/policy/can.ts';
import { MAX_UPDATE_BYTES, type ResetReason } from '../../shared/wire/board-frames.ts';
import type { CommittedBoard } from './committed-board.ts';
import { retryLater, type Connection } from './connection.ts';
import type { Gate, Judgement } from './gate.ts';
import { isKnown, readUpdate, type UpdateForm } from './update-form.ts';
import type { BoardRow, UpdateStore } from './update-store.ts';

/** Content that came by a connection and has not been judged. */
export interface Post {
  readonly connection: Connection;
  readonly update: Uint8Array;
  readonly step2: boolean;
  /** Absent: not an update. */
  readonly form: UpdateForm | undefined;
}

export const postOf = (connection: Connection, update: Uint8Array, step2: boolean): Post => ({
  connection,
  update,
  step2,
  form: readUpdate(update),
});

export interface AdmissionParts {
  readonly consultation: string;
  readonly committed: CommittedBoard;
  readonly gate: Gate;
  readonly store: UpdateStore;
  readonly now: () => number;
  /** Reads what other nodes appended; was there anything? */
  readonly pull: () => Promise<boolean>;
  /** Rows of ours are on disk: applies and relays them. */
  readonly take: (rows: readonly BoardRow[], writers: readonly Connection[]) => void;
}

interface Admitted {
  readonly connection: Connection;
  readonly person: string;
  readonly bytes: Uint8Array;
}

/** What became of a batch, before anything of it is done. */
interface Verdicts {
  readonly admitted: Admitted[];
  readonly leases: Map<number, string>;
  readonly settledBy: Map<Connection, number>;
  readonly refused: { post: Post; reason: ResetReason }[];
  readonly heldBy: Map<Connection, Post[]>;
  readonly introduced: Set<Connection>;
}

/** Refusals that are the same whatever other nodes have appended meanwhile. */
const certain: ReadonlySet<ResetReason> = new Set([
  'invalid',
  'too_large',
  'forbidden',
  'not_open',
]);
const PATIENT_TRIES = 5;
const MAX_HELD = 200;

/**
 * Judges a batch, appends what is admitted, and only then tells anyone: first the board, then the writers.
 *
 * 1. A refusal that more knowledge could change is made only after looking into SQL.
 * 2. On a lost race nothing of the batch has happened: what the others appended is read, and all of it judged again.
 */
export async function admit(posts: readonly Post[], parts: AdmissionParts): Promise<void> {
  const { consultation, committed, gate, store, now, pull, take } = parts;
  const foreign = new Set<Post>();
  for (let tries = 0; ; tries += 1) {
    const verdicts = judgeAll(posts, foreign, parts);
    const { admitted, leases, refused } = verdicts;
    if (refused.some(({ reason }) => !certain.has(reason)) && (await pull())) {
      gate.abandon();
      continue;
    }
    if (admitted.length === 0) return answer(verdicts);
    const at = now();
    const expectedSeq = committed.seq;
    const updates = admitted.map(({ person, bytes }) => ({ person, at, bytes }));
    const pace = 'in company';
    const appended = await store.append({ consultation, expectedSeq, updates, leases, pace });
    if ('seq' in appended) {
      gate.committed();
      for (const [client, person] of leases) committed.leases.set(client, person);
      const rows = updates.map((update, index) => rowOf(update, expectedSeq + index + 1));
      const writers = admitted.map(({ connection }) => connection);
      return inOneWrite(new Set(writers), () => {
        take(rows, writers);
        answer(verdicts);
      });
    }
    gate.abandon();
    if ('foreign' in appended) {
      for (const [client, owner] of appended.foreign) {
        committed.leases.set(client, owner);
        // its clocks are the owner's: looked at again, another's words would pass for known
        for (const post of posts) if (claims(post, client, leases)) foreign.add(post);
      }
    } else await pull();
    if (tries >= PATIENT_TRIES) await pause(Math.random() * 20);
  }
}

/** Writers are told of the others' words and of their own being saved: in a single write each. */
function inOneWrite(connections: ReadonlySet<Connection>, tell: () => void): void {
  for (const connection of connections) connection.cork();
  try {
    tell();
  } finally {
    for (const connection of connections) connection.uncork();
  }
}

const rowOf = (
  update: { person: string; at: number; bytes: Uint8Array },
  seq: number,
): BoardRow => ({ ...update, seq, kind: 'update', card: null });

/** A step 2 may hold what others wrote and their node has stored; an update is its sender's own. */
const claims = (
  { connection, form, step2 }: Post,
  client: number,
  leases: ReadonlyMap<number, string>,
): boolean =>
  !step2 && form?.spanByClient.has(client) === true && leases.get(client) === connection.person;

function judgeAll(
  posts: readonly Post[],
  foreign: ReadonlySet<Post>,
  parts: AdmissionParts,
): Verdicts {
  const verdicts: Verdicts = {
    admitted: [],
    leases: new Map(),
    settledBy: new Map(),
    refused: [],
    heldBy: new Map(),
    introduced: new Set(),
  };
  const astray = new Set<Connection>();
  const waiting = [...posts];
  for (let post = waiting.shift(); post; post = waiting.shift()) {
    const { connection, step2 } = post;
    if (connection.astray || astray.has(connection)) continue;
    const judgement: Judgement = foreign.has(post)
      ? { refused: 'foreign_client' }
      : judge(post, verdicts.leases, parts);
    if ('refused' in judgement) {
      if (mayComeEarly(post, judgement.refused, verdicts)) continue;
      astray.add(connection);
      verdicts.refused.push({ post, reason: judgement.refused });
      continue;
    }
    settle(post, judgement, verdicts, parts.committed.leases);
    if (step2 && !verdicts.introduced.has(connection)) {
      verdicts.introduced.add(connection);
      const held = connection.held.map((update) => postOf(connection, update, false));
      waiting.unshift(...held, ...(verdicts.heldBy.get(connection) ?? []));
      verdicts.heldBy.delete(connection);
    }
  }
  return verdicts;
}

function judge(
  { connection, update, step2, form }: Post,
  fresh: ReadonlyMap<number, string>,
  { committed, gate }: AdmissionParts,
): Judgement {
  if (!form) return { refused: 'invalid' };
  if (isKnown(committed.doc, form)) return { known: true };
  // a step 2 names all that was ever deleted; only what is new in it is measured
  if (!step2 && update.length > MAX_UPDATE_BYTES) return { refused: 'too_large' };
  const { visitor } = connection;
  const actor = visitor.actor();
  if (!actor || !can(actor, 'board.write')) return { refused: 'forbidden' };
  if (visitor.phase() === 'archived') return { refused: 'not_open' };
  return gate.judge(update, form, {
    actor,
    tabled: (card) => committed.tabled.has(card) || visitor.tabled(card),
    ownerOf: (client) => committed.leases.get(client) ?? fresh.get(client),
  });
}

/** A stock client may send an update before it has said what it made offline. It waits for that. */
function mayComeEarly(post: Post, reason: ResetReason, verdicts: Verdicts): boolean {
  const { connection, step2 } = post;
  const introduced = connection.introduced || verdicts.introduced.has(connection);
  if (reason !== 'gap' || step2 || introduced) return false;
  const held = verdicts.heldBy.get(connection) ?? [];
  if (held.length + connection.held.length >= MAX_HELD) return false;
  verdicts.heldBy.set(connection, [...held, post]);
  return true;
}

function settle(
  { connection }: Post,
  judgement: Exclude<Judgement, { refused: ResetReason }>,
  { admitted, leases, settledBy }: Verdicts,
  leased: ReadonlyMap<number, string>,
): void {
  settledBy.set(connection, (settledBy.get(connection) ?? 0) + 1);
  if ('known' in judgement) return;
  const { person } = connection;
  for (const client of judgement.clients) if (!leased.has(client)) leases.set(client, person);
  admitted.push({ connection, person, bytes: judgement.admitted });
}

function answer({ settledBy, refused, heldBy, introduced }: Verdicts): void {
  for (const [connection, posts] of heldBy)
    connection.held.push(...posts.map(({ update }) => update));
  for (const connection of introduced) {
    connection.introduced = true;
    connection.held = [];
  }
  for (const [connection, count] of settledBy) connection.settled(count);
  for (const { post, reason } of refused)
    post.connection.refuse(reason, { bytes: post.update.length });
}

/** The disk would not take a batch: its writers come back later, and bring the words again with step 2. */
export function sendAway(posts: readonly Post[]): void {
  for (const connection of new Set(posts.map((post) => post.connection)))
    connection.close(retryLater.overloaded, 'not stored');
}
