import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { languageFrom } from '../../shared/language.ts';
import { inWords, isRefused, refuse, statusOf, type Refused } from '../../shared/refusal.ts';
import { isStorageFault } from '../database/sqlite.ts';

/**
 * The one place where a refusal becomes an answer. Handlers return refusals as values; whatever is thrown is a fault,
 * except what Fastify throws at a request that it can't read.
 */
export function answerRefusals(app: FastifyInstance): void {
  app.addHook('preSerialization', async (request, reply, payload: unknown) =>
    isRefused(payload) ? told(payload, request, reply) : payload,
  );
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const refused = isStorageFault(error) ? refuse('read_only') : refusalFor(error);
    if (refused) return reply.send(refused);
    request.log.error({ err: error }, 'a request failed');
    const { id: requestId } = request;
    return reply.code(500).send({ fault: { message: '服务器内部错误。', requestId } });
  });
}

function told({ refused }: Refused, request: FastifyRequest, reply: FastifyReply): Refused {
  const { code, field } = refused;
  request.log.info({ code, field, method: request.method, route: routeOf(request) }, 'refused');
  if (code === 'too_many') reply.header('retry-after', '5');
  reply.code(statusOf(code));
  return { refused: inWords(refused, languageFrom(request.headers['accept-language'])) };
}

/** What Fastify says no to before any route is looked for: an address that can't be one. */
export function answerUnreadable(
  _error: unknown,
  { headers }: FastifyRequest,
  reply: FastifyReply,
): void {
  const { refused } = refuse('not_found');
  const language = languageFrom(headers['accept-language']);
  void reply.code(statusOf(refused.code)).send({ refused: inWords(refused, language) });
}

/** The pattern, not the address: addresses may hold codes and keys. */
const routeOf = (request: FastifyRequest): string | undefined => request.routeOptions.url;

function refusalFor(error: FastifyError): Refused | undefined {
  if (error.validation) return refuse('invalid', fieldOf(error));
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return refuse('too_large');
  const status = error.statusCode ?? 500;
  if (status === 404) return refuse('not_found');
  return status >= 400 && status < 500 ? refuse('invalid') : undefined;
}

/** `commitments.0.officer` from the JSON pointer of the first error; a missing member is named too. */
function fieldOf({ validation }: FastifyError): string | undefined {
  const [first] = validation ?? [];
  if (!first) return undefined;
  const missing = (first.params as { requiredProperties?: string[] }).requiredProperties?.[0];
  const path = first.instancePath.split('/').slice(1);
  return (missing === undefined ? path : [...path, missing]).join('.') || undefined;
}
