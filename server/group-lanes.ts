import { groupsByWhoAsked, settleGroupLanes } from '../shared/board/group-lanes.ts';
import type { BoardLog } from './board/parts.ts';
import type { Boards } from './board/boards.ts';
import type { ConsultationRecord } from './log/record.ts';

export interface GroupLaneParts {
  readonly record: Pick<ConsultationRecord, 'open' | 'refresh' | 'onAppended'>;
  readonly edit: Boards['edit'];
  readonly log: BoardLog;
  /** Milliseconds until what could not be done is tried again. */
  readonly retryMs?: number;
}

export interface GroupLanes {
  /** The board's lanes may not be as the record's groups say. */
  look(consultation: string): void;
  close(): Promise<void>;
}

/** Milliseconds after which a board that changed while it was looked at is looked at again. */
const AGAIN_MS = 200;

/**
 * Keeps the lanes of every board that is open here in accord with the groups of its record.
 *
 * 1. The record is the truth. An event and the edit that follows from it are two commits, and a node may die between
 *    them: so nothing is done because of an event, but whatever the board lacks is done whenever one looks.
 * 2. Looked at is: on loading a board, after an event of groups, when lanes changed, and when a card came into a lane
 *    that has gone; by every node, since the edit of what is settled already is none.
 * 3. One look at a time for each board, and a rest between two: nobody keeps a node busy with cards that go astray.
 */
export function keepGroupLanes({ record, edit, log, retryMs = 2_000 }: GroupLaneParts): GroupLanes {
  const lookingById = new Map<string, { again: boolean; readonly done: Promise<void> }>();
  const timers = new Set<NodeJS.Timeout>();
  let closed = false;

  async function settle(id: string): Promise<void> {
    await record.refresh(id); // another node may be ahead
    const live = await record.open(id);
    if (!live) return;
    for (const [person, groups] of groupsByWhoAsked(live.state.groups))
      await edit(id, { person }, (doc) => settleGroupLanes(doc, groups));
  }

  async function lookOnce(id: string): Promise<void> {
    let failed = false;
    try {
      await settle(id);
    } catch (error) {
      failed = true;
      log.error({ err: error, consultation: id }, 'the lanes of groups could not be laid');
    }
    const again = lookingById.get(id)?.again ?? false;
    lookingById.delete(id);
    if (again || failed) lookLater(id, failed ? retryMs : AGAIN_MS);
  }

  function lookLater(id: string, afterMs: number): void {
    if (closed) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      look(id);
    }, afterMs);
    timers.add(timer);
  }

  function look(id: string): void {
    if (closed) return;
    const looking = lookingById.get(id);
    if (looking) looking.again = true;
    else lookingById.set(id, { again: false, done: Promise.resolve().then(() => lookOnce(id)) });
  }

  const stop = record.onAppended((id, events) => {
    if (events.some(({ type }) => type === 'group.formed' || type === 'group.collected')) look(id);
  });

  return {
    look,
    async close() {
      closed = true;
      stop();
      for (const timer of timers) clearTimeout(timer);
      await Promise.all([...lookingById.values()].map(({ done }) => done));
    },
  };
}
