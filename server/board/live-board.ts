import { setImmediate as nextTurn } from 'node:timers/promises';
import * as Y from 'yjs';
import type { Draft } from '../../shared/consultation/decision.ts';
import type { Actor } from '../../shared/log/envelope.ts';
import { can } from '../../shared/policy/can.ts';
import { admit, postOf, sendAway, type AdmissionParts, type Post } from './admission.ts';
import { Audience } from './audience.ts';
import type { BoardMessage } from './board-bus.ts';
import { CommittedBoard } from './committed-board.ts';
import { retryLater, type Connection, type Host } from './connection.ts';
import type { Incoming } from './frames.ts';
import { Gate } from './gate.ts';
import { Snapshots } from './snapshots.ts';
import { Turns } from './turns.ts';
import { watchLanes } from './watch-lanes.ts';
import { watchRemovals } from './watch-removals.ts';
import { makeOwnEdit, type BroughtBack, type Edit } from './own-edit.ts';
import type { BoardLog, BoardParts, BoardServerLimits } from './parts.ts';
import type { BoardRow, StoredBoard, UpdateStore, Within } from './update-store.ts';

export interface LiveBoardParts {
  readonly consultation: string;
  readonly stored: StoredBoard;
  readonly store: UpdateStore;
  readonly limits: BoardServerLimits;
  readonly now: () => number;
  readonly log: BoardLog;
  readonly node: string;
  readonly publish: (message: BoardMessage) => void;
  /** The board can't go on: whoever comes next loads it afresh. */
  readonly onFault: () => void;
  readonly onUnsettled?: BoardParts['onUnsettled'] | undefined;
  readonly onRemoved?: BoardParts['onRemoved'] | undefined;
}

/**
 * One board in memory.
 *
 * 1. Turns are taken one after another: a batch of updates, a tabling, an edit of the server's own. What is judged in a
 *    turn is committed, or came to nothing, before the next begins.
 * 2. Nobody is sent anything that is not on disk.
 * 3. Its rows are numbered; it applies each once and in order, whichever node appended them.
 */
export class LiveBoard implements Host {
  readonly committed: CommittedBoard;
  readonly audience: Audience;
  readonly #parts: LiveBoardParts;
  readonly #gate: Gate;
  #posts: Post[] = [];
  readonly #turns = new Turns((fault) => this.#fail(fault));
  readonly #snapshots: Snapshots;
  #fault: unknown;
  readonly #admission: AdmissionParts;

  constructor(parts: LiveBoardParts) {
    this.#parts = parts;
    this.committed = new CommittedBoard(parts.stored);
    const { committed } = this;
    const { consultation, stored, store, log, limits, onUnsettled, onRemoved } = parts;
    if (onUnsettled) watchLanes(committed.doc, () => onUnsettled(consultation));
    if (onRemoved) watchRemovals(committed.doc, (cards) => onRemoved(consultation, cards));
    const every = limits.updatesPerSnapshot;
    const snapshotting = { consultation, committed, store, log, every };
    this.#snapshots = new Snapshots(stored.snapshot?.seq ?? 0, snapshotting);
    this.#gate = new Gate(() => committed.doc);
    this.#admission = {
      consultation,
      committed,
      gate: this.#gate,
      store,
      now: parts.now,
      pull: () => this.pull(),
      take: (rows, writers) => this.#appended(rows, writers),
    };
    this.audience = new Audience({
      committed,
      awarenessMs: limits.awarenessMs,
      readersMs: limits.readersMs,
      ownerOf: (client) => committed.leases.get(client),
      onShown: (client, actor) => void this.#lease(client, actor),
      onOwnAwareness: (entries) => this.#publishAwareness(entries, false),
    });
  }

  get epoch(): number {
    return this.committed.epoch;
  }

  enter(connection: Connection, epoch: number | undefined): void {
    if (epoch !== undefined && epoch !== this.epoch) {
      this.audience.connections.add(connection);
      return connection.reset('epoch');
    }
    this.audience.enter(connection);
  }

  heard(connection: Connection, incoming: Incoming, actor: Actor): void {
    switch (incoming.kind) {
      case 'content':
        if (!connection.astray) this.#post(postOf(connection, incoming.update, incoming.step2));
        return;
      case 'step1':
        if (connection.astray && !connection.listening) return; // of another epoch
        if (!this.audience.sync(connection, incoming.stateVector)) connection.refuse('invalid');
        return;
      case 'awareness':
        if (!this.audience.hear(connection, incoming.entries, actor, this.#parts.now()))
          connection.refuse('invalid');
        return;
      case 'queryAwareness':
        return this.audience.greet(connection);
    }
  }

  drained(connection: Connection): void {
    this.audience.catchUp(connection);
  }

  left(connection: Connection): void {
    this.audience.leave(connection);
  }

  #post(post: Post): void {
    this.#posts.push(post);
    if (this.#posts.length > 1) return;
    this.#turns.add(async () => {
      await nextTurn(); // what arrives in the same turn of the loop is judged and committed together
      const posts = this.#posts;
      this.#posts = [];
      await this.#admit(posts);
    });
  }

  async #admit(posts: readonly Post[]): Promise<void> {
    if (this.#fault !== undefined) return sendAway(posts);
    const { consultation, log } = this.#parts;
    try {
      await admit(posts, this.#admission);
    } catch (error) {
      log.error({ err: error, consultation }, 'board: updates could not be stored');
      this.#gate.abandon();
      sendAway(posts);
      await this.pull(); // a commit may have happened although its answer was lost
    }
  }

  /** Rows of this node's own. */
  #appended(rows: readonly BoardRow[], writers: readonly Connection[]): void {
    const { consultation, publish } = this.#parts;
    this.#tell(rows, writers);
    const updates = rows.flatMap(({ bytes }) => (bytes ? [bytes] : []));
    publish({ kind: 'appended', consultation, seq: this.committed.seq, updates });
  }

  #tell(rows: readonly BoardRow[], writers: readonly Connection[]): void {
    this.committed.take(rows);
    this.audience.tell(
      rows.flatMap(({ bytes }, index) => (bytes ? [{ bytes, writer: writers[index] }] : [])),
    );
    this.#snapshots.cutIfDue();
  }

  /** Reads what other nodes appended, if anything; call in a turn. */
  async pull(): Promise<boolean> {
    const { consultation, store } = this.#parts;
    const rows = await store.after(consultation, this.committed.seq);
    if (rows.length === 0) return false;
    for (const { bytes } of rows) if (bytes) this.#gate.absorb(bytes);
    this.#tell(rows, []);
    return true;
  }

  /** Another node appended up to `seq`; with all the updates at hand, SQL needn't be asked. */
  hearAppended(seq: number, updates: readonly Uint8Array[]): void {
    if (seq <= this.committed.seq) return;
    this.#turns.add(async () => {
      const missing = seq - this.committed.seq;
      if (missing <= 0) return;
      if (missing > updates.length) return void (await this.pull());
      const rows = updates.slice(updates.length - missing).map((bytes, index) => {
        const at = this.#parts.now();
        const place = { seq: this.committed.seq + index + 1, at, person: '', card: null };
        return { ...place, kind: 'update' as const, bytes };
      });
      for (const { bytes } of rows) this.#gate.absorb(bytes);
      this.#tell(rows, []);
    });
  }

  /** Tells the other nodes who is here, and asks them the same. */
  introduce(): void {
    this.#publishAwareness(this.audience.awareness.everyone('own'), true);
  }

  hearAwareness({ node, ask, entries }: Extract<BoardMessage, { kind: 'awareness' }>): void {
    const { awareness } = this.audience;
    awareness.hearNode(node, entries, this.#parts.now());
    this.audience.tellAwareness();
    if (ask) this.#publishAwareness(awareness.everyone('own'), false);
  }

  dropOutdated(): void {
    this.audience.awareness.dropOutdated(this.#parts.now());
    this.audience.tellAwareness();
  }

  #publishAwareness(entries: Uint8Array, ask: boolean): void {
    const { consultation, node, publish } = this.#parts;
    publish({ kind: 'awareness', consultation, node, ask, entries });
  }

  /** Is there more in SQL? Asked now and then, and whenever a hint may have been missed. */
  refresh(): void {
    this.#turns.add(async () => void (await this.pull()));
  }

  withDraft<T>(
    card: string,
    table: (draft: Draft | undefined, within?: Within) => Promise<T>,
  ): Promise<T> {
    const { consultation, store, now, publish } = this.#parts;
    return this.inTurn(async () => {
      await this.pull();
      const draft = this.committed.draftOf(card);
      const before = this.committed.seq;
      const cards = [card, ...(draft?.merged ?? []).map((part) => part.card)];
      const within = draft && store.tabling(consultation, before, cards, now());
      try {
        return await table(draft, within);
      } finally {
        await this.pull().catch((fault: unknown) => this.#fail(fault));
        const { seq } = this.committed;
        if (seq > before) publish({ kind: 'appended', consultation, seq, updates: [] });
      }
    });
  }

  /** An edit of the server's own, in somebody's name. `change` may run again, and may change nothing. */
  edit({ person }: Pick<Actor, 'person'>, change: Edit): Promise<void> {
    const { tabled } = this.committed;
    const edit = {
      person,
      // a client id of its own each time: it costs a row, and no two edits can be taken for each other
      client: () => new Y.Doc().clientID,
      change: (doc: Y.Doc, broughtBack: BroughtBack) =>
        change(doc, (card) => tabled.has(card), broughtBack),
    };
    return this.inTurn(async () => {
      await this.pull(); // what it decides by is what is on disk now
      await makeOwnEdit(edit, this.#admission).catch(async (error: unknown) => {
        this.#gate.abandon();
        await this.pull().catch((fault: unknown) => this.#fail(fault));
        throw error;
      });
    });
  }

  /** Runs between the batches; hears of a fault of its own, and the board goes on. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#turns.add(() =>
        this.#fault === undefined
          ? work().then(resolve, reject)
          : Promise.resolve(reject(new Error('the board failed', { cause: this.#fault }))),
      );
    });
  }

  /** Memory may no longer be what is on disk. */
  #fail(fault: unknown): void {
    const { consultation, log, onFault } = this.#parts;
    log.error({ err: fault, consultation }, 'board: failed, to be loaded afresh');
    this.#fault ??= fault;
    this.audience.close(retryLater.fault, 'board failed');
    onFault();
  }

  /** A client id shown by awareness is its person's from then on; nodes agree on whose. */
  async #lease(client: number, actor: Actor): Promise<void> {
    const { consultation, store, log } = this.#parts;
    if (!can(actor, 'board.write') || this.committed.leases.has(client)) return;
    try {
      const owner = await store.lease(consultation, client, actor.person);
      this.committed.leases.set(client, owner);
    } catch (error) {
      log.error({ err: error, consultation }, 'board: a client id could not be leased');
    }
  }

  /** Resolves when everything that was taken has been answered and written. */
  async idle(): Promise<void> {
    await this.#turns.idle();
    await this.#snapshots.idle();
  }

  async close(): Promise<void> {
    await this.idle();
    if (this.#fault === undefined) this.#snapshots.cut();
    await this.#snapshots.idle();
    this.audience.close(retryLater.goingAway, 'going away');
    this.#gate.close();
    this.committed.doc.destroy();
  }
}
