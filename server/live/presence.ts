import { randomUUID } from 'node:crypto';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { isOutside } from '../../shared/policy/audience.ts';
import type { Presence } from '../../shared/wire/down.ts';
import { coalesce, type Coalesced } from './coalesce.ts';
import type { Connection, LiveNamespace } from './connection.ts';
import type { PresenceBus } from './parts.ts';
import type { Room } from './room.ts';

/** What one node says of its own people in one consultation. */
const NoteSchema = Type.Object({
  node: Type.String({ maxLength: 64 }),
  consultation: Type.String({ maxLength: 64 }),
  connected: Type.Array(Type.String({ maxLength: 100 })),
  public: Type.Integer({ minimum: 0 }),
  screens: Type.Integer({ minimum: 0 }),
});
type Note = Static<typeof NoteSchema>;
const noteSchema = Compile(NoteSchema);

const SEND_EVERY_MS = 1_000;
const REPEAT_EVERY_MS = 5_000;
/** A node that is silent for so long is gone, and its people with it. */
const NOTE_LIFE_MS = 15_000;

export interface PresenceBoard {
  /** Somebody came or went. */
  changed(room: Room): void;
  /** What a newcomer of the room is shown at once. */
  greet(room: Room, connection: Connection): void;
  /** The last one left. */
  emptied(room: Room): void;
  close(): void;
}

export interface PresenceParts {
  readonly nsp: LiveNamespace;
  readonly rooms: ReadonlyMap<string, Room>;
  readonly bus: PresenceBus | undefined;
  readonly now: () => number;
}

/** Of one room: what was last sent to its readers, and what was last said to other nodes. */
interface Telling {
  readonly coalesced: Coalesced;
  sent: string;
  announced: string;
}

/** Who is connected, on all nodes together; for the room, never for the public or its screens. */
export function createPresence({ nsp, rooms, bus, now }: PresenceParts): PresenceBoard {
  const node = randomUUID();
  const elsewhere = new NotesOfOthers(now);
  const tellingById = new Map<string, Telling>();

  const current = (room: Room): Presence => merged([localPresence(room), ...elsewhere.of(room.id)]);

  function announce(id: string, presence: Presence): void {
    const note: Note = { node, consultation: id, ...presence, connected: [...presence.connected] };
    bus?.publish('presence', JSON.stringify(note));
  }

  /** Says only what is new: otherwise two nodes would answer each other for ever. */
  function tell(room: Room, telling: Telling): void {
    const local = JSON.stringify(localPresence(room));
    if (telling.announced !== local) announce(room.id, localPresence(room));
    telling.announced = local;
    const presence = current(room);
    const text = JSON.stringify(presence);
    if (telling.sent === text) return;
    telling.sent = text;
    const readers = [...room.groups]
      .filter(([group]) => group !== 'outside')
      .flatMap(([, members]) => [...members].map(({ socket }) => socket.id));
    if (readers.length > 0) nsp.local.to(readers).emit('presence', presence);
  }

  function ask(room: Room): void {
    const known = tellingById.get(room.id);
    if (known) return known.coalesced.ask();
    const coalesced = coalesce(SEND_EVERY_MS, () => tell(room, telling));
    const telling: Telling = { coalesced, sent: '', announced: '' };
    tellingById.set(room.id, telling);
    coalesced.ask();
  }

  const unsubscribe = bus?.subscribe('presence', (bytes) => {
    const note = parseNote(bytes);
    if (!note || note.node === node) return;
    elsewhere.take(note);
    const room = rooms.get(note.consultation);
    if (room) ask(room);
  });

  const repeating = setInterval(() => {
    elsewhere.forgetSilent();
    for (const room of rooms.values()) {
      announce(room.id, localPresence(room));
      ask(room);
    }
  }, REPEAT_EVERY_MS);

  function end(id: string): void {
    tellingById.get(id)?.coalesced.stop();
    tellingById.delete(id);
    announce(id, nobody);
  }

  return {
    changed: ask,
    greet(room, { actor, socket }) {
      if (!isOutside(actor.role)) socket.emit('presence', current(room));
    },
    emptied: (room) => end(room.id),
    close() {
      clearInterval(repeating);
      unsubscribe?.();
      for (const id of [...tellingById.keys()]) end(id);
    },
  };
}

const nobody: Presence = { connected: [], public: 0, screens: 0 };

/** A guest with several tabs is one guest; a screen is a connection. */
function localPresence(room: Room): Presence {
  const connected: string[] = [];
  let guests = 0;
  let screens = 0;
  for (const [person, connections] of room.people) {
    const [first] = connections;
    if (!first) continue;
    if (first.actor.role === 'screen') screens += connections.size;
    else if (isOutside(first.actor.role)) guests += 1;
    else connected.push(person);
  }
  return { connected: connected.sort(), public: guests, screens };
}

function merged(parts: readonly Presence[]): Presence {
  const connected = new Set(parts.flatMap((part) => part.connected));
  const sum = (count: (part: Presence) => number) =>
    parts.reduce((all, part) => all + count(part), 0);
  return {
    connected: [...connected].sort(),
    public: sum((part) => part.public),
    screens: sum((part) => part.screens),
  };
}

function parseNote(bytes: Uint8Array): Note | undefined {
  try {
    const note: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return noteSchema.Check(note) ? note : undefined;
  } catch {
    return undefined;
  }
}

interface Kept {
  readonly presence: Presence;
  readonly until: number;
}

/** The latest note of every other node, until it is too old to be believed. */
class NotesOfOthers {
  readonly #notesByConsultation = new Map<string, Map<string, Kept>>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  take({ node, consultation, ...presence }: Note): void {
    const notes = this.#notesByConsultation.get(consultation) ?? new Map<string, Kept>();
    this.#notesByConsultation.set(consultation, notes);
    notes.set(node, { presence, until: this.#now() + NOTE_LIFE_MS });
  }

  of(consultation: string): Presence[] {
    const notes = [...(this.#notesByConsultation.get(consultation)?.values() ?? [])];
    return notes.filter(({ until }) => until > this.#now()).map(({ presence }) => presence);
  }

  forgetSilent(): void {
    for (const [consultation, notes] of this.#notesByConsultation) {
      for (const [node, { until }] of notes) if (until <= this.#now()) notes.delete(node);
      if (notes.size === 0) this.#notesByConsultation.delete(consultation);
    }
  }
}
