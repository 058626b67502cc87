import type { IncomingHttpHeaders } from 'node:http';
import { Compile } from 'typebox/compile';
import { languageFrom } from '../../shared/language.ts';
import type { Language } from '../../shared/refusal.ts';
import { HandshakeSchema, type Handshake } from '../../shared/wire/up.ts';
import { PROTOCOL } from '../../shared/wire/version.ts';
import type { LiveSocket, Standing } from './connection.ts';
import type { Identity, LiveParts } from './parts.ts';

const schema = Compile(HandshakeSchema);

export type Introduction =
  | { readonly handshake: Handshake; readonly standing: () => Promise<Standing | undefined> }
  | { readonly code: 4401 | 4404 | 4409 };

/** What the newcomer says of themselves, and how to find out who that is. Nothing is looked up yet. */
export function introductionOf<Who extends Identity>(
  socket: LiveSocket,
  parts: Pick<LiveParts<Who>, 'identify' | 'actorIn' | 'screenActor'>,
): Introduction {
  const auth: unknown = socket.handshake.auth;
  // an older client's handshake may have another form: its version is looked at first
  if (protocolOf(auth) !== PROTOCOL) return { code: 4409 };
  if (!schema.Check(auth)) return { code: 4404 };
  const { consultation, since, as, protocol, screenKey } = auth;
  const handshake = {
    consultation,
    protocol,
    ...(since === undefined ? {} : { since }),
    ...(as === undefined ? {} : { as }),
    ...(screenKey === undefined ? {} : { screenKey }),
  };
  const { cookie } = socket.handshake.headers;
  const standing =
    screenKey === undefined
      ? async () => standingOf(await parts.identify(cookie), parts)
      : () => screenStanding(consultation, screenKey, parts);
  return { handshake, standing };
}

const protocolOf = (auth: unknown): unknown =>
  typeof auth === 'object' && auth !== null && 'protocol' in auth ? auth.protocol : undefined;

function standingOf<Who extends Identity>(
  who: Who | undefined,
  { actorIn }: Pick<LiveParts<Who>, 'actorIn'>,
): Standing | undefined {
  if (!who) return undefined;
  return {
    key: `${who.kind} ${who.login ?? who.person}`,
    ...(who.login === undefined ? {} : { login: who.login }),
    actorIn: (consultation) => actorIn(who, consultation),
  };
}

async function screenStanding<Who extends Identity>(
  consultation: string,
  key: string,
  { screenActor }: Pick<LiveParts<Who>, 'screenActor'>,
): Promise<Standing> {
  const actor = await screenActor(consultation, key);
  // a wrong key is not "nobody": it is answered like a consultation that does not exist
  return { key: `screen ${consultation}`, actorIn: () => actor };
}

/** The language that a person's browser asks for. */
export const languageOf = ({ 'accept-language': wanted }: IncomingHttpHeaders): Language =>
  languageFrom(wanted);
