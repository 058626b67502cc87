import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';

interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly requestBody?: unknown;
  readonly parameters?: unknown;
  readonly responses?: Readonly<Record<string, unknown>>;
}

interface Description {
  readonly info: { readonly description?: string };
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** Writes down every route that is added after it. */
export async function describeRoutes(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: '商量 Shangliang',
        version: '1',
        description:
          'Identity comes from the cookie. Whatever is not done answers {refused: {code, message, field?}}.',
      },
    },
  });
  app.get('/api/docs/json', { schema: { hide: true } }, () => app.swagger());
  app.get('/api/docs', { schema: { hide: true } }, (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(pageOf(app.swagger() as Description)),
  );
}

/** A page to read, without scripts: the interface is small, and the machine in the hall may be offline. */
function pageOf(description: Description): string {
  const operations = Object.entries(description.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => section(method, path, operation)),
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>商量 · HTTP</title>
<meta name="viewport" content="width=device-width">
<style>body{font:16px/1.6 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem}
code,pre{font:14px/1.5 ui-monospace,monospace}pre{background:#f5f3ee;padding:.75rem;overflow:auto}</style>
<h1>商量 · HTTP</h1><p>${text(description.info.description ?? '')}
<a href="/api/docs/json">OpenAPI</a></p>${operations.join('')}</html>`;
}

function section(method: string, path: string, operation: Operation): string {
  const { summary = '', parameters, requestBody, responses = {} } = operation;
  const part = (title: string, value: unknown) =>
    value === undefined
      ? ''
      : `<details><summary>${title}</summary><pre>${text(JSON.stringify(value, null, 2))}</pre></details>`;
  return `<section><h2><code>${method.toUpperCase()} ${text(path)}</code></h2><p>${text(summary)}</p>
${part('parameters', parameters)}${part('body', requestBody)}${part('answer', responses['200'])}</section>`;
}

const text = (raw: string): string =>
  raw.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
