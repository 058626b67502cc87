import * as Y from 'yjs';

/** The clocks of one client that an update brings: from `from` up to, not including, `to`. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** What can be told of an update without applying it. */
export interface UpdateForm {
  readonly spanByClient: ReadonlyMap<number, Span>;
  readonly deletionsByClient: ReadonlyMap<number, readonly { clock: number; len: number }[]>;
}

const MAX_CLIENT = 0xffff_ffff;
const MAX_CLOCK = 2 ** 40;
const MAX_KEY_CHARS = 100;
const roots: ReadonlySet<string> = new Set(['lanes', 'cards']);

/** `undefined`: not an update, or one with content that no board has. Cheap: nothing is applied. */
export function readUpdate(update: Uint8Array): UpdateForm | undefined {
  try {
    const { structs, ds } = Y.decodeUpdate(update);
    const spanByClient = spansOf(structs);
    if (!spanByClient || !deletionsAreSound(ds.clients)) return undefined;
    return { spanByClient, deletionsByClient: ds.clients };
  } catch {
    return undefined;
  }
}

type Struct = Y.GC | Y.Item | Y.Skip;

/** Each client once, each of its structs right after the one before it. */
function spansOf(structs: readonly Struct[]): Map<number, Span> | undefined {
  const spans = new Map<number, { from: number; to: number }>();
  let last: number | undefined;
  for (const struct of structs) {
    const { client, clock } = struct.id;
    const end = clock + struct.length;
    if (!isAllowed(struct) || struct.length < 1 || end > MAX_CLOCK || client > MAX_CLIENT)
      return undefined;
    const span = spans.get(client);
    if (client === last && span) span.to = end;
    else if (span) return undefined;
    else spans.set(client, { from: clock, to: end });
    last = client;
  }
  return spans;
}

function isAllowed(struct: Struct): boolean {
  if (struct instanceof Y.GC) return true;
  if (!(struct instanceof Y.Item)) return false; // a Skip: something is left out
  const { parent, parentSub, content } = struct;
  // before it is applied, the name of a root stands where later the root itself is
  if (typeof parent === 'string' && !roots.has(parent)) return false;
  if (parentSub !== null && parentSub.length > MAX_KEY_CHARS) return false;
  if (content instanceof Y.ContentString || content instanceof Y.ContentDeleted) return true;
  if (content instanceof Y.ContentAny)
    return content.arr.length === 1 && ['string', 'number'].includes(typeof content.arr[0]);
  // by constructor: XML types are maps and texts to `instanceof`
  if (content instanceof Y.ContentType)
    return content.type.constructor === Y.Map || content.type.constructor === Y.Text;
  return false;
}

const deletionsAreSound = (clients: UpdateForm['deletionsByClient']): boolean =>
  [...clients.values()].every((ranges) => ranges.every(({ len }) => len >= 1));

/** Has the document all of this already? Then it changes nothing, whoever sends it. */
export function isKnown(doc: Y.Doc, { spanByClient, deletionsByClient }: UpdateForm): boolean {
  for (const [client, { to }] of spanByClient) {
    if (to > Y.getState(doc.store, client)) return false;
  }
  for (const [client, ranges] of deletionsByClient) {
    for (const { clock, len } of ranges) if (!isDeleted(doc, client, clock, len)) return false;
  }
  return true;
}

function isDeleted(doc: Y.Doc, client: number, clock: number, len: number): boolean {
  const structs = doc.store.clients.get(client);
  const end = clock + len;
  if (!structs || end > Y.getState(doc.store, client)) return false;
  for (let index = Y.findIndexSS(structs, clock); index < structs.length; index += 1) {
    const struct = structs[index];
    if (!struct || struct.id.clock >= end) return true;
    if (struct instanceof Y.Item && !struct.deleted) return false;
  }
  return true;
}

/** Does it follow on what the document has: every clock, and everything that it deletes? */
export function followsOn(doc: Y.Doc, { spanByClient, deletionsByClient }: UpdateForm): boolean {
  for (const [client, { from }] of spanByClient) {
    if (from > Y.getState(doc.store, client)) return false;
  }
  for (const [client, ranges] of deletionsByClient) {
    const had = Y.getState(doc.store, client);
    const end = Math.max(had, spanByClient.get(client)?.to ?? 0);
    if (ranges.some(({ clock, len }) => clock + len > end)) return false;
  }
  return true;
}

/** The clients under whose id it brings something new. */
export const newClients = (doc: Y.Doc, { spanByClient }: UpdateForm): number[] =>
  [...spanByClient].flatMap(([client, { to }]) =>
    to > Y.getState(doc.store, client) ? [client] : [],
  );
