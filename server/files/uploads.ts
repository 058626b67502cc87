import { pictureLimits } from '../../shared/pictures.ts';
import {
  isRefused,
  refusals,
  refuse,
  type RefusalCode,
  type Refused,
} from '../../shared/refusal.ts';
import { defaultFilesLimits, type Entered, type FilesParts } from './parts.ts';
import type { CardPlace, Pictures } from './pictures.ts';
import {
  addChunk,
  bytesOfUpload,
  finishUpload,
  insertUpload,
  removeForgotten,
  uploadById,
  usageSince,
  wholeUploads,
  type UploadRow,
} from './upload-store.ts';

/** An upload of one's own. */
export interface Ticket {
  readonly consultation: string;
  readonly upload: string;
  readonly person: string;
}

export interface Progress {
  readonly received: number;
  readonly size: number;
  /** Until when it is kept if nobody goes on with it; milliseconds. */
  readonly keptUntil: number;
  /** The picture that it became. */
  readonly picture?: string;
}

export interface Uploads {
  open(
    place: CardPlace,
    entered: Entered,
    size: number | undefined,
  ): Promise<{ upload: string } | Refused>;
  /** How far it is; `undefined` when there is none of that id for this person. */
  look(ticket: Ticket): Promise<Progress | undefined>;
  /**
   * Takes what follows on `offset`, piece by piece onto the disk, until the body ends or breaks off. With the last byte
   * it becomes a picture; asked again, with nothing to add, it says what became of it.
   */
  receive(
    ticket: Ticket,
    offset: number,
    body: AsyncIterable<Uint8Array>,
  ): Promise<Progress | Refused>;
  drop(ticket: Ticket): Promise<{ ok: true } | Refused>;
  /** Finishes what was cut off between its last byte and its picture, and forgets what nobody came back for. */
  sweep(): Promise<void>;
  idle(): Promise<void>;
}

const HOUR = 3_600_000;
/** Whoever sent the last byte is finishing it; only what that left lying is taken up by the sweep. */
const LEFT_LYING_MS = 60_000;
/** The outcome of what its sender gave up. */
const DROPPED: RefusalCode = 'not_found';

/**
 * Uploads that survive cuts, kills and a change of node: everything about them is in SQL.
 *
 * 1. A byte is counted as received in the commit that puts it on disk, and at most once: each chunk names the offset
 *    that it follows on.
 * 2. What became of an upload is said once; whoever lost the answer asks again.
 */
export function createUploads(
  parts: FilesParts,
  pictures: Pick<Pictures, 'mayAdd' | 'add'>,
): Uploads {
  const { database, darkroom, personIn, newId, now, log } = parts;
  const { sql, commit } = database;
  const limits = { ...defaultFilesLimits, ...parts.limits };
  const streamsByPerson = new Map<string, number>();
  const finishingById = new Map<string, Promise<Refused | undefined>>();

  const own = async ({ consultation, upload, person }: Ticket): Promise<UploadRow | undefined> => {
    const row = await uploadById(sql, upload);
    const mine = row?.consultation === consultation && row.person === person;
    return mine && row.outcome !== DROPPED ? row : undefined;
  };
  const progressOf = ({ received, size, touched_at: touched, outcome }: UploadRow): Progress => ({
    received,
    size,
    keptUntil: touched + (received === 0 ? limits.emptyAfterMs : limits.forgottenAfterMs),
    ...(outcome === null || outcome in refusals ? {} : { picture: outcome }),
  });

  /** Stores a body's pieces; how far that came. */
  async function store(
    row: UploadRow,
    body: AsyncIterable<Uint8Array>,
  ): Promise<Refused | undefined> {
    let start = row.received;
    let waiting: Uint8Array[] = [];
    let length = 0;
    const flush = async (): Promise<Refused | undefined> => {
      if (length === 0) return undefined;
      const bytes = Buffer.concat(waiting);
      [waiting, length] = [[], 0];
      const added = await commit((trx) => addChunk(trx, { id: row.id, start, bytes, at: now() }));
      start += bytes.length;
      return added === 'done' ? undefined : refuse('conflict', 'offset');
    };
    try {
      for await (const piece of body) {
        if (start + length + piece.length > row.size) return (await flush()) ?? refuse('too_large');
        waiting.push(piece);
        length += piece.length;
        const refused = length >= limits.chunkBytes ? await flush() : undefined;
        if (refused) return refused;
      }
    } catch (cut) {
      // the connection broke: what came is kept, and nobody is there to be told
      log.warn({ err: cut, upload: row.id }, 'pictures: an upload was cut off');
    }
    return flush();
  }

  async function finishNow({
    id,
    consultation,
    card,
    person,
  }: UploadRow): Promise<Refused | undefined> {
    const end = (outcome: string) => commit((trx) => finishUpload(trx, { id, outcome, at: now() }));
    const entered = await personIn(consultation, person);
    const place = { consultation, card };
    const refused = entered ? await pictures.mayAdd(place, entered) : refuse('not_found');
    const developed = refused ?? (await darkroom.develop(await bytesOfUpload(sql, id)));
    const added =
      isRefused(developed) || !entered ? developed : await pictures.add(place, entered, developed);
    if (isRefused(added)) {
      // to be tried again, with the same bytes
      if (added.refused.code !== 'busy') await end(added.refused.code);
      return added;
    }
    if ('id' in added) await end(added.id);
    return undefined;
  }

  /** What became of an upload that is whole: once, however many ask at the same time. */
  function finish(row: UploadRow): Promise<Refused | undefined> {
    const { outcome } = row;
    if (outcome !== null)
      return Promise.resolve(outcome in refusals ? refuse(outcome as RefusalCode) : undefined);
    const known = finishingById.get(row.id);
    if (known) return known;
    const finishing = finishNow(row).finally(() => finishingById.delete(row.id));
    finishingById.set(row.id, finishing);
    return finishing;
  }

  /** Runs `work` as one of this person's streams, of which there may be only so many. */
  async function streaming<T>(person: string, work: () => Promise<T>): Promise<T | Refused> {
    const running = streamsByPerson.get(person) ?? 0;
    if (running >= limits.streams) return refuse('too_many');
    streamsByPerson.set(person, running + 1);
    try {
      return await work();
    } finally {
      const left = (streamsByPerson.get(person) ?? 1) - 1;
      if (left > 0) streamsByPerson.set(person, left);
      else streamsByPerson.delete(person);
    }
  }

  return {
    async open({ consultation, card }, entered, size) {
      const refused = await pictures.mayAdd({ consultation, card }, entered);
      if (refused) return refused;
      if (size === undefined) return refuse('invalid', 'upload-length');
      if (size > pictureLimits.bytes) return refuse('picture_too_large');
      if (size < 1) return refuse('picture_unknown');
      const { person } = entered.actor;
      const at = now();
      const id = newId('u');
      const times = { created_at: at, touched_at: at };
      const row = { id, consultation, card, person, size, received: 0, ...times, outcome: null };
      // counted where it is written down: requests that come together are counted one after another
      const opened = await commit(async (trx) => {
        const usage = await usageSince(trx, person, at - HOUR);
        const tooMany =
          usage.open >= limits.open ||
          usage.uploads >= limits.uploadsPerHour ||
          usage.bytes + size > limits.bytesPerHour;
        if (!tooMany) await insertUpload(trx, row);
        return !tooMany;
      }, `pictures/${person}`);
      return opened ? { upload: id } : refuse('too_many');
    },

    async look(ticket) {
      const row = await own(ticket);
      return row && progressOf(row);
    },

    async receive(ticket, offset, body) {
      const row = await own(ticket);
      if (!row) return refuse('not_found');
      if (offset !== row.received) return refuse('conflict', 'offset');
      const stored = await streaming(ticket.person, () => store(row, body));
      if (stored) return stored;
      const then = await own(ticket);
      if (!then) return refuse('not_found');
      if (then.received < then.size) return progressOf(then);
      const refused = await finish(then);
      if (refused) return refused;
      return progressOf((await own(ticket)) ?? then);
    },

    async drop(ticket) {
      const row = await own(ticket);
      if (!row) return refuse('not_found');
      // what has become a picture is removed as one; the row stays, because its bytes count for the hour
      const dropped = { id: row.id, outcome: DROPPED, at: now() };
      if (row.outcome === null) await commit((trx) => finishUpload(trx, dropped));
      return { ok: true };
    },

    async sweep() {
      const at = now();
      for (const row of await wholeUploads(sql, at - LEFT_LYING_MS)) {
        await finish(row).catch((fault: unknown) => {
          log.error({ err: fault, upload: row.id }, 'pictures: an upload could not be finished');
        });
      }
      const before = { empty: at - limits.emptyAfterMs, partial: at - limits.forgottenAfterMs };
      await commit((trx) => removeForgotten(trx, before));
    },

    async idle() {
      await Promise.allSettled(finishingById.values());
    },
  };
}
