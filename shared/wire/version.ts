/** Raised whenever a client of yesterday could misread a server of today, or the reverse. */
export const PROTOCOL = 1;
