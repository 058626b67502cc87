/** Ids are strings on the wire; the brands keep one kind from being passed for another. */
declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type ConsultationId = Branded<'consultation'>;
/** A person of the roster, or a guest (`g_…`), or `system`. */
export type PersonId = Branded<'person'>;
export type CardId = Branded<'card'>;
export type LaneId = Branded<'lane'>;
export type OpinionId = Branded<'opinion'>;
export type ResponseId = Branded<'response'>;
export type SubmissionId = Branded<'submission'>;
export type CommandId = Branded<'command'>;

/** A command id is chosen by the client; what a command creates is named after it, so a retry names the same thing. */
export const COMMAND_ID_PATTERN = '^[A-Za-z0-9_.:-]{1,80}$';

/** Crockford base32 without I, L, O and U: codes that can be read aloud. */
export const CODE_ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
export const CODE_LENGTH = 8;

/** What a person typed or scanned as a code, in the form it is stored; `undefined` when it can't be one. */
export function normalizeCode(typed: string): string | undefined {
  const code = typed.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  const valid = code.length === CODE_LENGTH && [...code].every((c) => CODE_ALPHABET.includes(c));
  return valid ? code : undefined;
}
