import type { Database } from '../database/open.ts';
import { loginsRevokedSince } from './login-store.ts';

/** [LGN2] Which logins have ended since this node started, for whoever must know at once and can't wait for SQL. */
export interface Revocations {
  has(login: string): boolean;
  /** Reads what is new. Call it after revoking; other nodes' are found by `intervalMs`. */
  look(): Promise<void>;
  close(): void;
}

/** Clocks of nodes differ, and a transaction takes its time: look back a little further than to the last look. */
const OVERLAP_MS = 60_000;

export function watchRevocations(
  { sql }: Pick<Database, 'sql'>,
  options: {
    /** Only where there are other nodes. */
    readonly intervalMs?: number;
    readonly now?: () => number;
    /** Some more have ended. */
    readonly onRevoked: (logins: ReadonlySet<string>) => void;
    readonly onFault: (error: unknown) => void;
  },
): Revocations {
  const now = options.now ?? Date.now;
  const revoked = new Set<string>();
  let since = now();

  async function look(): Promise<void> {
    const at = now();
    const ended = await loginsRevokedSince(sql, since - OVERLAP_MS);
    const fresh = new Set(ended.filter((login) => !revoked.has(login)));
    for (const login of fresh) revoked.add(login);
    since = at;
    if (fresh.size > 0) options.onRevoked(fresh);
  }

  const timer =
    options.intervalMs === undefined
      ? undefined
      : setInterval(() => void look().catch(options.onFault), options.intervalMs);
  return {
    has: (login) => revoked.has(login),
    look,
    close: () => clearInterval(timer),
  };
}
