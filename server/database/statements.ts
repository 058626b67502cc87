import type SQLite from 'better-sqlite3';
import type { SqliteDatabase } from 'kysely';

/** More wordings than the server has; lists of many lengths make some of their own. */
const MAX_KEPT = 300;
const isKept = /^\s*(select|insert|update|delete|with|begin|commit|rollback)\b/i;

/** The database with its statements kept prepared: preparing one takes longer than most take to run. */
export function keepingStatements(database: SQLite.Database): SqliteDatabase {
  const statementByWording = new Map<string, SQLite.Statement<unknown[]>>();

  function prepare(wording: string): SQLite.Statement<unknown[]> {
    const kept = statementByWording.get(wording);
    if (kept && !kept.busy) {
      // to the end: what was not asked for longest is first
      statementByWording.delete(wording);
      statementByWording.set(wording, kept);
      return kept;
    }
    const statement = database.prepare<unknown[]>(wording);
    // what changes a table changes what a statement of it answers
    if (!isKept.test(wording)) statementByWording.clear();
    else if (!kept) statementByWording.set(wording, statement);
    const [oldest] = statementByWording.keys();
    if (statementByWording.size > MAX_KEPT && oldest !== undefined)
      statementByWording.delete(oldest);
    return statement;
  }

  return { prepare, close: () => void database.close() };
}
