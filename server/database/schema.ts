import type { BoardTables } from './tables/board.ts';
import type { ConsultationTables } from './tables/consultation.ts';
import type { FilesTables } from './tables/files.ts';
import type { LogTables } from './tables/log.ts';
import type { LoginTables } from './tables/login.ts';

export interface Schema
  extends LogTables, BoardTables, LoginTables, ConsultationTables, FilesTables {}
