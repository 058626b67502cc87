/** The score from which on two texts likely ask for the same: worth a second look before both are taken up. */
export const LIKELY_SAME = 0.45;
