import type { agenda } from './agenda.ts';
import type { board } from './board.ts';
import type { desk } from './desk.ts';
import type { entry } from './entry.ts';
import type { floor } from './floor.ts';
import type { office } from './office.ts';
import type { citizen } from './public.ts';
import type { past } from './past.ts';
import type { print } from './print.ts';
import type { pictures } from './pictures.ts';
import type { room } from './room.ts';
import type { speak } from './speak.ts';
import type { similar } from './similar.ts';
import type { ui } from './ui.ts';

/** The Chinese catalogue, one part an area; the other languages have its shape. Types only: each feature brings its own. */
export interface Areas {
  readonly ui: typeof ui;
  readonly agenda: typeof agenda;
  readonly room: typeof room;
  readonly desk: typeof desk;
  readonly board: typeof board;
  readonly past: typeof past;
  readonly pictures: typeof pictures;
  readonly print: typeof print;
  readonly similar: typeof similar;
  readonly citizen: typeof citizen;
  readonly entry: typeof entry;
  readonly floor: typeof floor;
  readonly office: typeof office;
  readonly speak: typeof speak;
}
