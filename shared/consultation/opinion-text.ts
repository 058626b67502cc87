/** Characters of an opinion, whoever writes it and by whatever way it comes. */
export const MAX_OPINION_CHARS = 2_000;
