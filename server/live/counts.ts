import type { RecordedConsultationEvent } from '../../shared/consultation/index.ts';
import { tallyOf, type Tally } from '../../shared/consultation/opinions.ts';
import type { Counts } from '../../shared/wire/down.ts';
import { coalesce, type Coalesced } from './coalesce.ts';
import type { Connection, LiveNamespace } from './connection.ts';
import { groupOf } from './connection.ts';
import type { Room } from './room.ts';

const SEND_EVERY_MS = 500;

/**
 * Support (附议) as numbers. Who supports what is told to that person and the desk alone, so nobody else could count:
 * the tallies come from the whole state. Counted again only where something changed.
 */
export interface SupportCounts {
  /** Everything that is not zero, for a newcomer. */
  greet(room: Room, connection: Connection): void;
  appended(room: Room, events: readonly RecordedConsultationEvent[]): void;
  emptied(room: Room): void;
  close(): void;
}

interface Counting {
  readonly coalesced: Coalesced;
  readonly tallyByOpinion: Map<string, Tally>;
  /** Changed since it was last sent. */
  readonly changed: Set<string>;
}

export function createCounts(nsp: LiveNamespace): SupportCounts {
  const countingById = new Map<string, Counting>();

  function countingOf(room: Room): Counting {
    const known = countingById.get(room.id);
    if (known) return known;
    const opinions = Object.entries(room.state.opinions);
    const counting: Counting = {
      coalesced: coalesce(SEND_EVERY_MS, () => send(room, counting)),
      tallyByOpinion: new Map(opinions.map(([id, opinion]) => [id, tallyOf(opinion)])),
      changed: new Set(),
    };
    countingById.set(room.id, counting);
    return counting;
  }

  function recount(room: Room, { tallyByOpinion, changed }: Counting): void {
    for (const id of changed) {
      const opinion = room.state.opinions[id];
      if (opinion) tallyByOpinion.set(id, tallyOf(opinion));
    }
  }

  function send(room: Room, counting: Counting): void {
    recount(room, counting);
    const changed = [...counting.changed];
    counting.changed.clear();
    const readers = { inside: [] as string[], outside: [] as string[] };
    for (const [group, members] of room.groups) {
      const side = group === 'outside' ? readers.outside : readers.inside;
      for (const { socket } of members) side.push(socket.id);
    }
    const emit = (to: readonly string[], ids: readonly string[]) => {
      if (to.length > 0 && ids.length > 0) {
        nsp.local.to([...to]).emit('counts', countsOf(counting, ids));
      }
    };
    emit(readers.inside, changed);
    emit(
      readers.outside,
      changed.filter((id) => room.state.opinions[id]?.published),
    );
  }

  function end(id: string): void {
    countingById.get(id)?.coalesced.stop();
    countingById.delete(id);
  }

  return {
    greet(room, { actor, socket }) {
      const counting = countingOf(room);
      recount(room, counting);
      const ids = [...counting.tallyByOpinion]
        .filter(([, tally]) => tally.members + tally.public > 0)
        .map(([id]) => id)
        .filter((id) => groupOf(actor) !== 'outside' || room.state.opinions[id]?.published);
      // sent even when there is none: it tells a returning reader that what they had is past
      socket.emit('counts', countsOf(counting, ids));
    },
    appended(room, events) {
      const counting = countingOf(room);
      const before = counting.changed.size;
      for (const event of events) {
        // who may read an opinion from now on has not heard its tally yet
        if (event.type === 'opinion.published') counting.changed.add(event.data.opinion.id);
        if (event.type === 'opinion.supported') counting.changed.add(event.data.opinion);
      }
      if (counting.changed.size > before) counting.coalesced.ask();
    },
    emptied: (room) => end(room.id),
    close() {
      for (const id of [...countingById.keys()]) end(id);
    },
  };
}

const countsOf = ({ tallyByOpinion }: Counting, ids: readonly string[]): Counts => ({
  support: Object.fromEntries(ids.map((id) => [id, tallyByOpinion.get(id) ?? none])),
});

const none: Tally = { members: 0, public: 0 };
