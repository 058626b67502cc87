import { board } from './board.ts';
import { desk } from './desk.ts';
import { entry } from './entry.ts';
import { office } from './office.ts';
import { citizen } from './public.ts';
import { room } from './room.ts';
import { ui } from './ui.ts';

/** The Chinese catalogue, one part an area. The other languages have its shape. */
export const chinese = { ui, room, desk, board, citizen, entry, office };
