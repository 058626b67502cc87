import { Compile } from 'typebox/compile';
import { isOutside } from '../../shared/policy/audience.ts';
import { inWords, isRefused, refuse, type Refused } from '../../shared/refusal.ts';
import type { CommandAnswer } from '../../shared/wire/down.ts';
import {
  CommandMessageSchema,
  MAX_COMMAND_BYTES,
  type CommandMessage,
} from '../../shared/wire/up.ts';
import type { Connection } from './connection.ts';
import type { LiveConsultation, LiveRecord } from './parts.ts';
import type { TokenBuckets } from './token-bucket.ts';

const schema = Compile(CommandMessageSchema);

/** A command's envelope out of whatever was sent; its body is judged by the record. */
export function parseCommandMessage(sent: unknown): CommandMessage | Refused {
  const text = withoutFault(() => JSON.stringify(sent));
  if (text === undefined) return refuse('invalid');
  if (Buffer.byteLength(text) > MAX_COMMAND_BYTES) return refuse('too_large');
  // once through text: no attachment, and no key that stands for a prototype, survives it
  const message = withoutFault<unknown>(() =>
    JSON.parse(text, (key, value: unknown) => (key === '__proto__' ? undefined : value)),
  );
  if (!schema.Check(message)) return refuse('invalid');
  const { commandId, type, data } = message;
  return { commandId, type, data };
}

/** `undefined` for what can’t be written or read as text: nothing at all, or a nesting deeper than the stack. */
function withoutFault<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

export interface CommandDesk {
  readonly record: LiveRecord;
  /** The consultation as this node knows it now. */
  consultation(connection: Connection): LiveConsultation | undefined;
  readonly people: TokenBuckets;
  readonly guests: TokenBuckets;
}

export type Handled = { readonly ok: true; readonly seq: number } | Refused;

/** `gone`: the sender is nobody, or has no part here any more; there is nobody to answer. */
export type Gone = { readonly gone: 4401 | 4404 };

/**
 * Who sends is looked up anew for every command, and once more when it is decided: what was allowed a moment ago may
 * not be now.
 */
export async function handleCommand(
  desk: CommandDesk,
  connection: Connection,
  sent: unknown,
): Promise<Handled | Gone> {
  const standing = await connection.standing();
  if (!standing) return { gone: 4401 };
  const consultation = desk.consultation(connection);
  const actor = consultation && standing.actorIn(consultation);
  if (!actor) return { gone: 4404 };
  const allowances = isOutside(actor.role) ? desk.guests : desk.people;
  if (!allowances.take(standing.key)) return refuse('too_many');
  const message = parseCommandMessage(sent);
  if (isRefused(message)) return message;
  return desk.record.handle(connection.consultation, message, (state) =>
    standing.actorIn({ state }),
  );
}

export function answerTo(
  handled: Handled,
  connection: Pick<Connection, 'language'>,
): CommandAnswer {
  return isRefused(handled)
    ? { refused: inWords(handled.refused, connection.language) }
    : { ok: true, seq: handled.seq };
}
