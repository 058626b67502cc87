import helmet from '@fastify/helmet';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { IncomingHttpHeaders } from 'node:http';
import { refuse } from '../../shared/refusal.ts';

const reading = new Set(['GET', 'HEAD', 'OPTIONS']);

/** [LGN5] Nothing is changed at the request of another origin's page. */
export function checkOrigin(
  app: FastifyInstance,
  originAllowed: (headers: IncomingHttpHeaders) => boolean,
): void {
  app.addHook('onRequest', async (request, reply) => {
    if (reading.has(request.method) || originAllowed(request.headers)) return undefined;
    return reply.send(refuse('bad_origin'));
  });
}

/** What the interface answers is somebody's own, and true for the moment: no cache keeps it unless told otherwise. */
export function keepOutOfCaches(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply) => {
    if (request.url.startsWith('/api/') && !reply.hasHeader('cache-control'))
      void reply.header('cache-control', 'no-store');
  });
}

/** Headers that hold on plain HTTP too, where a hall's network has nothing else. */
export async function sendSecurityHeaders(
  app: FastifyInstance,
  publicUrl: string | undefined,
): Promise<void> {
  const https = publicUrl?.startsWith('https:') === true;
  await app.register(helmet, {
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        // CodeMirror makes its own style sheet
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        connectSrc: ["'self'", 'ws:', 'wss:'],
        fontSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'self'"],
        // on http://<address> it would turn every request into one that nobody answers
        upgradeInsecureRequests: null,
      },
    },
    strictTransportSecurity: https,
    // browsers ignore these two, aloud, on plain HTTP
    crossOriginOpenerPolicy: https,
    originAgentCluster: https,
    referrerPolicy: { policy: 'no-referrer' },
  });
}

/** Did the browser itself speak HTTPS? A proxy's word counts only where it is trusted. */
export function isSecure(request: FastifyRequest, publicUrl: string | undefined): boolean {
  if (request.protocol === 'https') return true;
  if (publicUrl?.startsWith('https:') !== true) return false;
  return new URL(publicUrl).host === request.headers.host;
}
