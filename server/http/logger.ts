import type { FastifyServerOptions } from 'fastify';
import pretty from 'pino-pretty';
import type { LogLevel } from '../config.ts';

export type LoggerOptions = Exclude<FastifyServerOptions['logger'], boolean | undefined>;

/** Lines of JSON for machines; on a terminal, lines for people. No cookie is ever in it. */
export function loggerOptions(level: LogLevel, forPeople: boolean): LoggerOptions {
  if (!forPeople) return { level };
  const stream = pretty({
    colorize: true,
    sync: true,
    ignore: 'pid,hostname,reqId',
    translateTime: 'SYS:HH:MM:ss',
  });
  return { level, stream };
}
