import { isIP } from 'node:net';
import path from 'node:path';

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** The settings, checked. */
export interface Config {
  /** 0 lets the system choose one. */
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  readonly databaseUrl?: string;
  readonly redisUrl?: string;
  /** An origin, without a slash at its end. */
  readonly publicUrl?: string;
  readonly demo: boolean;
  /** Whose `X-Forwarded-*` headers are believed: nobody's, everybody's, or those of these addresses. */
  readonly trustProxy: boolean | string;
  readonly logLevel: LogLevel;
}

/** Why the server can’t start; its message is one sentence for whoever starts it. */
export class StartError extends Error {}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the settings from the environment. Throws `StartError`. */
export function readConfig(environment: Environment): Config {
  const given = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const databaseUrl = urlOf('DATABASE_URL', given('DATABASE_URL'), ['postgres:', 'postgresql:']);
  const redisUrl = urlOf('REDIS_URL', given('REDIS_URL'), ['redis:', 'rediss:']);
  const publicUrl = originOf(given('PUBLIC_URL'));
  if (redisUrl !== undefined && databaseUrl === undefined) {
    throw new StartError(
      '设置了 REDIS_URL 就必须同时设置 DATABASE_URL：多个节点不能共用一个 SQLite 文件。 ' +
        '(REDIS_URL needs DATABASE_URL too: several nodes cannot share one SQLite file.)',
    );
  }
  return {
    port: portOf(given('PORT') ?? '3000'),
    host: given('HOST') ?? '0.0.0.0',
    dataDir: path.resolve(given('DATA_DIR') ?? 'data'),
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    ...(redisUrl === undefined ? {} : { redisUrl }),
    ...(publicUrl === undefined ? {} : { publicUrl }),
    demo: oneOf('DEMO', given('DEMO') ?? 'on', ['on', 'off']) === 'on',
    trustProxy: proxiesOf(given('TRUST_PROXY')),
    logLevel: oneOf('LOG_LEVEL', given('LOG_LEVEL') ?? 'info', logLevels),
  };
}

/** What is wrong is shown, except that a URL may hold a password. */
const wrong = (name: string, zh: string, en: string): StartError =>
  new StartError(`设置 ${name} 不正确：应为${zh}。 (${name} must be ${en}.)`);

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw wrong('PORT', ` 0 到 65535 的整数，现为“${text}”`, `a whole number from 0 to 65535`);
}

function oneOf<Value extends string>(
  name: string,
  value: string,
  allowed: readonly Value[],
): Value {
  const found = allowed.find((one) => one === value.toLowerCase());
  if (found !== undefined) return found;
  throw wrong(name, ` ${allowed.join('、')} 之一，现为“${value}”`, `one of ${allowed.join(', ')}`);
}

function urlOf(
  name: string,
  text: string | undefined,
  protocols: readonly string[],
): string | undefined {
  if (text === undefined) return undefined;
  if (URL.canParse(text) && protocols.includes(new URL(text).protocol)) return text;
  const form = `${protocols[0]}//…`;
  throw wrong(name, ` ${form} 形式的地址`, `an address of the form ${form}`);
}

function originOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const web = url?.protocol === 'http:' || url?.protocol === 'https:';
  if (url && web && url.pathname === '/' && url.search === '' && url.hash === '') return url.origin;
  throw wrong(
    'PUBLIC_URL',
    '不带路径的网址，如 https://shangliang.example',
    'an origin without a path, such as https://shangliang.example',
  );
}

const networks = ['loopback', 'linklocal', 'uniquelocal'];

function proxiesOf(text: string | undefined): boolean | string {
  if (text === undefined || text === 'off' || text === 'false') return false;
  if (text === 'on' || text === 'true') return true;
  const parts = text.split(',').map((part) => part.trim());
  if (parts.every((part) => networks.includes(part) || isIP(part.split('/')[0] ?? '') !== 0)) {
    return parts.join(',');
  }
  throw wrong(
    'TRUST_PROXY',
    `反向代理的地址（用逗号分隔）、on 或 off，现为“${text}”`,
    'the addresses of the reverse proxy, separated by commas, or on, or off',
  );
}
