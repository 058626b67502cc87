import { StartError, type Config } from './config.ts';

/** The sentence for a fault of the surroundings; `undefined` for a fault of ours, which deserves its stack. */
export function whyNotStarted(error: unknown, config: Config | undefined): StartError | undefined {
  const codes = codesIn(error);
  const has = (...wanted: string[]) => wanted.some((code) => codes.includes(code));
  const { port, host, dataDir, databaseUrl } = config ?? {};
  if (has('EADDRINUSE')) {
    return new StartError(
      `端口 ${port} 已被占用，请停止占用它的程序，或用 PORT 另选一个。 ` +
        `(Port ${port} is already in use: stop whatever uses it, or choose another with PORT.)`,
    );
  }
  if (errorsIn(error).some(({ syscall }) => syscall === 'listen')) {
    return new StartError(
      `无法在 ${host}:${port} 上监听（${codes[0]}）。 (Cannot listen on ${host}:${port}.)`,
    );
  }
  if (databaseUrl !== undefined && (isPostgres(codes) || has(...unreachable))) {
    return new StartError(
      `无法使用 DATABASE_URL 指定的数据库（${messageOf(error)}）。 (Cannot use the database of DATABASE_URL.)`,
    );
  }
  if (errorsIn(error).some(({ message }) => message.startsWith('another server is using'))) {
    return new StartError(
      `数据目录 ${dataDir} 正被另一个服务使用。 (Another server is using the data directory ${dataDir}.)`,
    );
  }
  if (has(...unwritable) || codes.some((code) => code.startsWith('SQLITE_'))) {
    return new StartError(
      `数据目录 ${dataDir} 无法使用（${codes[0]}）。 (Cannot use the data directory ${dataDir}.)`,
    );
  }
  return undefined;
}

const unreachable = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ECONNRESET',
];
const unwritable = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'ENOENT', 'EEXIST', 'ENOSPC'];

/** PostgreSQL's own codes have five characters: 28P01, 3D000. */
const isPostgres = (codes: readonly string[]) => codes.some((code) => /^[0-9A-Z]{5}$/.test(code));

interface SystemError extends Error {
  readonly code?: unknown;
  readonly syscall?: unknown;
}

/** An error, what caused it, and what it gathers: both addresses of `localhost` may have refused. */
function errorsIn(error: unknown): SystemError[] {
  if (!(error instanceof Error)) return [];
  const gathered = error instanceof AggregateError ? error.errors : [];
  return [error, ...errorsIn(error.cause), ...gathered.flatMap(errorsIn)];
}

const codesIn = (error: unknown): string[] =>
  errorsIn(error).flatMap(({ code }) => (typeof code === 'string' ? [code] : []));

/** The innermost message: the outer ones say what we were doing. */
const messageOf = (error: unknown): string =>
  errorsIn(error)
    .map(({ message }) => message)
    .filter((message) => message !== '')
    .pop() ?? '';
