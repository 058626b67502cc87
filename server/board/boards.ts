import { randomUUID } from 'node:crypto';
import type * as Y from 'yjs';
import type { Draft } from '../../shared/consultation/decision.ts';
import type { Actor } from '../../shared/log/envelope.ts';
import { readBoardMessage, writeBoardMessage, type BoardMessage } from './board-bus.ts';
import { openDoor, type Door } from './door.ts';
import { openHouse } from './house.ts';
import { LiveBoard } from './live-board.ts';
import type { Edit } from './own-edit.ts';
import { defaultLimits, type BoardParts, type IsTabled } from './parts.ts';
import { openPast, type Past } from './past.ts';
import { createPastStore } from './past-store.ts';
import { Registry } from './registry.ts';
import { createUpdateStore, type Within } from './update-store.ts';

export type { Access, BoardBus, BoardLog, BoardParts, IsTabled, Visitor } from './parts.ts';

export interface Boards extends Pick<Door, 'handleUpgrade' | 'recheck'>, Past {
  /**
   * Runs `table` while nothing else is admitted to the board; `draft` is the card as it then is, `undefined` when there
   * is none. `within` takes numbers of the board's sequence in the caller's transaction: from them on the card is
   * tabled, and with it those merged into it. It may be called again when that transaction is run again.
   */
  withDraft<T>(
    consultation: string,
    card: string,
    table: (draft: Draft | undefined, within?: Within) => Promise<T>,
  ): Promise<T>;
  /** An edit of the server's own, in somebody's name, stored and relayed like any other. `change` may run again. */
  edit(consultation: string, actor: Pick<Actor, 'person'>, change: Edit): Promise<void>;
  /** Reads the board as it is on disk. `look` changes nothing. */
  read<T>(consultation: string, look: (doc: Y.Doc, tabled: IsTabled) => T): Promise<T>;
  figures(): { readonly boards: number; readonly connections: number };
  close(): Promise<void>;
}

/** How often SQL is looked at for what the bus may have dropped: while it works, and while it doesn't. */
const POLL_MS = { up: 10_000, down: 1_000 };

/** The boards of a node. */
export function createBoards(parts: BoardParts): Boards {
  const { bus, log, onUnsettled, onRemoved, now = Date.now } = parts;
  const limits = { ...defaultLimits, ...parts.limits };
  const node = randomUUID();
  const store = createUpdateStore(parts.database);
  const house = openHouse(limits, log, now);
  const publish = (message: BoardMessage) => bus?.publish('board', writeBoardMessage(message));

  const registry = new Registry<LiveBoard>({
    lingerMs: limits.lingerMs,
    async load(consultation, onFault) {
      const stored = await store.load(consultation);
      const shared = { store, limits, now, log, node, publish, onUnsettled, onRemoved };
      const board = new LiveBoard({ consultation, stored, onFault, ...shared });
      board.introduce();
      onUnsettled?.(consultation);
      return board;
    },
    unload: (board) => board.close(),
  });
  const hold = (consultation: string) => registry.hold(consultation);
  const door = openDoor({ access: parts.access, house, hold, log });

  async function using<T>(
    consultation: string,
    work: (board: LiveBoard) => Promise<T>,
  ): Promise<T> {
    const { value, release } = await hold(consultation);
    try {
      return await work(value);
    } finally {
      release();
    }
  }

  const heartbeat = setInterval(() => {
    door.ping();
    house.sweep();
  }, limits.pingMs);
  const edit: Boards['edit'] = (consultation, actor, change) =>
    using(consultation, (board) => board.edit(actor, change));
  const past = openPast({
    store: createPastStore(parts.database),
    inTurn: (consultation, look) =>
      using(consultation, (board) =>
        board.inTurn(async () => {
          await board.pull();
          return look(board.committed);
        }),
      ),
    edit,
    ...(parts.picturesKept ? { picturesKept: parts.picturesKept } : {}),
  });
  const closeBus = bus ? listen(bus, registry, { node, log, store }) : () => undefined;

  return {
    ...past,
    handleUpgrade: door.handleUpgrade,
    recheck: door.recheck,
    withDraft: (consultation, card, table) =>
      using(consultation, (board) => board.withDraft(card, table)),
    edit,
    read: (consultation, look) =>
      using(consultation, (board) =>
        board.inTurn(async () => {
          await board.pull();
          const { doc, tabled } = board.committed;
          return look(doc, (card) => tabled.has(card));
        }),
      ),
    figures: () => ({ boards: [...registry.loaded()].length, connections: door.size }),
    async close() {
      clearInterval(heartbeat);
      closeBus();
      // what was taken is stored and answered before the connections end
      await Promise.all([...registry.loaded()].map(([, board]) => board.idle()));
      await door.close();
      await registry.close();
    },
  };
}

interface Listening {
  readonly node: string;
  readonly log: BoardParts['log'];
  readonly store: ReturnType<typeof createUpdateStore>;
}

/** Follows the other nodes: by the bus, which may lose anything, and by looking into SQL, which loses nothing. */
function listen(
  bus: NonNullable<BoardParts['bus']>,
  registry: Registry<LiveBoard>,
  { node, log, store }: Listening,
): () => void {
  const hear = (bytes: Uint8Array) => {
    const message = readBoardMessage(bytes);
    const board = message && registry.peek(message.consultation);
    if (!board) return;
    if (message.kind === 'appended') board.hearAppended(message.seq, message.updates);
    else if (message.node !== node) board.hearAwareness(message);
  };
  const look = async () => {
    const boards = new Map(registry.loaded());
    const heads = await store.headOf([...boards.keys()]);
    for (const [consultation, board] of boards) {
      board.dropOutdated();
      if ((heads.get(consultation) ?? 0) > board.committed.seq) board.refresh();
    }
  };
  let looking = false;
  let lookedAt = performance.now();
  const poll = setInterval(() => {
    if (looking || (bus.isUp() && performance.now() - lookedAt < POLL_MS.up)) return;
    looking = true;
    lookedAt = performance.now();
    look()
      .catch((error: unknown) =>
        log.warn({ err: error }, 'board: the other nodes could not be followed'),
      )
      .finally(() => (looking = false));
  }, POLL_MS.down);
  const unsubscribe = bus.subscribe('board', hear);
  const offGap = bus.onGap(() => {
    for (const [, board] of registry.loaded()) board.refresh();
  });
  return () => {
    clearInterval(poll);
    unsubscribe();
    offGap();
  };
}
