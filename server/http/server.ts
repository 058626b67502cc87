import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import cookie from '@fastify/cookie';
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import Fastify, { LogController, type FastifyInstance } from 'fastify';
import { refuse } from '../../shared/refusal.ts';
import { MAX_COMMAND_BYTES } from '../../shared/wire/up.ts';
import type { Config } from '../config.ts';
import { answerRefusals, answerUnreadable } from './answers.ts';
import { serveClient } from './client-files.ts';
import { describeRoutes } from './docs.ts';
import type { LoggerOptions } from './logger.ts';
import type { Metrics } from './metrics.ts';
import { checkOrigin, keepOutOfCaches, sendSecurityHeaders } from './security.ts';

export interface HttpParts {
  readonly config: Pick<Config, 'publicUrl' | 'trustProxy'>;
  readonly logger: LoggerOptions;
  readonly metrics: Metrics;
  /** Where the built client lies. */
  readonly clientFolder: string;
  readonly originAllowed: (headers: IncomingHttpHeaders) => boolean;
  /** May this node be given work? */
  readonly isReady: () => Promise<boolean> | boolean;
}

/**
 * Everything over HTTP on the one port that the sockets use too. The caller adds the features' routes, listens and
 * closes.
 */
export async function createHttpServer(parts: HttpParts): Promise<FastifyInstance> {
  const app: FastifyInstance = Fastify({
    logger: parts.logger,
    // one line a request would bury what matters; refusals and faults are logged where they are told
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: parts.config.trustProxy,
    bodyLimit: MAX_COMMAND_BYTES,
    genReqId: () => randomBytes(6).toString('hex'),
    frameworkErrors: answerUnreadable,
    routerOptions: { maxParamLength: 200 },
  });
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  readEmptyBodies(app);
  answerRefusals(app);
  await sendSecurityHeaders(app, parts.config.publicUrl);
  keepOutOfCaches(app);
  checkOrigin(app, parts.originAllowed);
  await app.register(cookie);
  await describeRoutes(app);
  watch(app, parts);
  const { sendPage } = await serveClient(app, parts.clientFolder);
  app.setNotFoundHandler((request, reply) => {
    const page = request.method === 'GET' && request.headers.accept?.includes('text/html');
    const isApi = /^\/api(\/|\?|$)/.test(request.url);
    return page && !isApi ? sendPage(reply.code(404)) : reply.send(refuse('not_found'));
  });
  return app;
}

/** A request that says JSON and sends nothing has no body; everything else is parsed as usual. */
function readEmptyBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'string' },
    (request, body: string, done) => {
      if (body === '') done(null, undefined);
      else void parse(request, body, done);
    },
  );
}

function watch(app: FastifyInstance, { isReady, metrics }: HttpParts): void {
  const schema = { summary: 'May this node be given work?' };
  app.get('/api/health', { schema }, async (_request, reply) => {
    const ready = await isReady();
    reply.code(ready ? 200 : 503);
    return { ready };
  });
  app.get('/metrics', { schema: { hide: true } }, (_, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(metrics.text()),
  );
}
