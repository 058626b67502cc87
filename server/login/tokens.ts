import { createHash, randomBytes, randomInt } from 'node:crypto';
import { CODE_ALPHABET, CODE_LENGTH } from '../../shared/ids.ts';

/** 192 bits, as a part of a URL. */
export const newToken = (): string => randomBytes(24).toString('base64url');

/** What is stored instead of a token. Tokens are random, so a plain hash is enough. */
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** An id that nobody guesses: `p_…` for persons, `g_…` for guests. */
export const newId = (prefix: string): string =>
  `${prefix}_${randomBytes(9).toString('base64url')}`;

/** A code or a receipt number that can be read aloud. */
export const newCode = (length: number = CODE_LENGTH): string =>
  Array.from({ length }, () => CODE_ALPHABET[randomInt(CODE_ALPHABET.length)]).join('');
