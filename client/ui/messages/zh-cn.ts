import { desk } from './desk.ts';
import { room } from './room.ts';
import { board } from './board.ts';
import { ui } from './ui.ts';

/** The Chinese catalogue, one part an area. The other languages have its shape. */
export const chinese = { board, ui, room, desk };
