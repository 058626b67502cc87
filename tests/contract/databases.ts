// Every database that the stores must work on, each empty and real.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openDatabase, type Database } from '../../server/database/open.ts';
import { startPostgres } from '../helpers/services.ts';

export interface Place {
  open(): Promise<Database>;
  remove(): Promise<void>;
}

function sqliteFile(): Place {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'shangliang-contract-'));
  return {
    open: () => openDatabase({ dataDir }),
    remove: async () => rmSync(dataDir, { recursive: true, force: true }),
  };
}

async function postgresDatabase(): Promise<Place> {
  const postgres = await startPostgres();
  return {
    open: () => openDatabase({ dataDir: tmpdir(), databaseUrl: postgres.url }),
    remove: () => postgres.stop(),
  };
}

export const databases: [name: string, makePlace: () => Promise<Place>][] = [
  ['SQLite', async () => sqliteFile()],
  ['PostgreSQL', postgresDatabase],
];
