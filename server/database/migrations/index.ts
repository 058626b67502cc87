import type { Migration } from 'kysely/migration';
import { log } from './0001-log.ts';
import { board } from './0002-board.ts';
import { login } from './0003-login.ts';
import { consultation } from './0004-consultation.ts';
import { pictures } from './0005-pictures.ts';
import { agendaTemplate } from './0006-agenda-template.ts';
import { boardCopy } from './0007-board-copy.ts';

/** In the order of their names. A migration that has been released is never changed. */
export const migrations: Record<string, Migration> = {
  '0001-log': log,
  '0002-board': board,
  '0003-login': login,
  '0004-consultation': consultation,
  '0005-pictures': pictures,
  '0006-agenda-template': agendaTemplate,
  '0007-board-copy': boardCopy,
};
