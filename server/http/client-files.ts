import { existsSync } from 'node:fs';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** Every page is the same file, which holds no data: who may see what is asked afterwards, by the page. */
const pages = ['/', '/i/*', '/c/*', '/screen/*', '/j/*', '/s/*', '/office', '/office/*'];

const A_YEAR = 'public, max-age=31536000, immutable';
const notBuilt =
  '<!doctype html><meta charset="utf-8"><title>商量</title><p>客户端尚未构建：npm run build';

export interface ClientFiles {
  /** The page for an address that no page has. */
  readonly sendPage: (reply: FastifyReply) => FastifyReply;
}

/** Serves what `vite build` made, with the compressed forms that it made too. */
export async function serveClient(app: FastifyInstance, folder: string): Promise<ClientFiles> {
  const built = existsSync(path.join(folder, 'index.html'));
  if (built) {
    const hashed = path.join(folder, 'assets') + path.sep;
    await app.register(fastifyStatic, {
      root: folder,
      preCompressed: true,
      wildcard: false,
      index: false,
      cacheControl: false,
      setHeaders: (reply, file) => {
        reply.header('cache-control', file.startsWith(hashed) ? A_YEAR : 'no-cache');
      },
    });
  }
  const sendPage = (reply: FastifyReply): FastifyReply =>
    built
      ? reply.sendFile('index.html')
      : reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(notBuilt);
  for (const page of pages) {
    app.get(page, { schema: { hide: true } }, (_request, reply) => sendPage(reply));
  }
  return { sendPage };
}
