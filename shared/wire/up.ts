import { Type, type Static } from 'typebox';
import { COMMAND_ID_PATTERN } from '../ids.ts';
import type { CommandAnswer } from './down.ts';

/** Client → server on Socket.IO's namespace `/live`. Identity comes from the cookie, or from a screen's key. */
export const HandshakeSchema = Type.Object({
  consultation: Type.String({ minLength: 1, maxLength: 64 }),
  /** Last sequence that the client has; absent: it wants a snapshot. */
  since: Type.Optional(Type.Integer({ minimum: 0 })),
  /** Whose copy `since` belongs to, as its snapshot's `me` said: another reader's can't be gone on from. */
  as: Type.Optional(
    Type.Object({
      person: Type.String({ maxLength: 100 }),
      role: Type.String({ maxLength: 40 }),
      unit: Type.Optional(Type.String({ maxLength: 80 })),
    }),
  ),
  protocol: Type.Integer(),
  /** The big screen's key, `/screen/:id?k=`. */
  screenKey: Type.Optional(Type.String({ maxLength: 100 })),
});
export type Handshake = Static<typeof HandshakeSchema>;

/** The `command` message, and the body of `POST …/commands`. */
export const CommandMessageSchema = Type.Object({
  commandId: Type.String({ pattern: COMMAND_ID_PATTERN }),
  type: Type.String({ minLength: 1, maxLength: 60 }),
  data: Type.Unknown(),
});
export type CommandMessage = Static<typeof CommandMessageSchema>;

export const MAX_COMMAND_BYTES = 64 * 1024;

export interface UpMessages {
  command: (message: CommandMessage, acknowledge: (answer: CommandAnswer) => void) => void;
  /** Answered with the server's time in milliseconds, for the clock's offset. */
  time: (acknowledge: (now: number) => void) => void;
}
