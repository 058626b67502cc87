import type { Readable } from 'node:stream';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { pictureLimits } from '../../shared/pictures.ts';
import { can } from '../../shared/policy/can.ts';
import { isRefused, refuse, type Refused } from '../../shared/refusal.ts';
import type { EnterBy } from './parts.ts';
import type { Progress, Ticket, Uploads } from './uploads.ts';

const IdSchema = Type.String({ minLength: 1, maxLength: 100 });
const CardParams = Type.Object({ id: IdSchema, card: IdSchema });
const UploadParams = Type.Object({ id: IdSchema, upload: IdSchema });
const tag = { tags: ['pictures'] };
const TUS = '1.0.0';
const CHUNK_TYPE = 'application/offset+octet-stream';
/** A connection that brings nothing for so long is given up; what came of it is kept. */
const SILENCE_MS = 60_000;

/** Uploading by the tus protocol (core, creation, expiration, termination), so that its stock clients work. */
export function uploadRoutes(
  instance: FastifyInstance,
  { uploads, enter }: { uploads: Uploads; enter: EnterBy },
): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  // as it comes: a body that breaks off is kept up to there
  app.addContentTypeParser(CHUNK_TYPE, (_request, body, done) => done(null, body));
  app.addHook('onRequest', async (request, reply) => {
    void reply.header('tus-resumable', TUS);
    const version = request.headers['tus-resumable'];
    if (version !== undefined && version !== TUS) return reply.send(refuse('outdated'));
    return undefined;
  });

  /** Only who may put pictures on cards has uploads; to everyone else none exist. */
  const ticketOf = async (
    request: Parameters<EnterBy>[0],
    { id, upload }: { id: string; upload: string },
  ): Promise<Ticket | Refused> => {
    const entered = await enter(request, id);
    if (isRefused(entered)) return entered;
    const { actor } = entered;
    if (!can(actor, 'picture.add')) return refuse('not_found');
    return { consultation: id, upload, person: actor.person };
  };

  app.options('/api/consultations/:id/cards/:card/pictures', (_request, reply) =>
    reply
      .headers({
        'tus-version': TUS,
        'tus-extension': 'creation,expiration,termination',
        'tus-max-size': String(pictureLimits.bytes),
      })
      .code(204)
      .send(),
  );
  app.post(
    '/api/consultations/:id/cards/:card/pictures',
    {
      schema: {
        ...tag,
        summary: 'Begins the upload of a picture (tus): Upload-Length; answers its Location',
        params: CardParams,
      },
    },
    async (request, reply) => {
      const { id, card } = request.params;
      const entered = await enter(request, id);
      if (isRefused(entered)) return entered;
      const size = wholeNumber(request.headers['upload-length']);
      const opened = await uploads.open({ consultation: id, card }, entered, size);
      if (isRefused(opened)) return opened;
      const location = `/api/consultations/${encodeURIComponent(id)}/uploads/${opened.upload}`;
      return reply.code(201).headers({ location, 'upload-offset': '0' }).send();
    },
  );
  app.head(
    '/api/consultations/:id/uploads/:upload',
    { schema: { ...tag, summary: 'How much of an upload is on disk (tus)', params: UploadParams } },
    async (request, reply) => {
      const ticket = await ticketOf(request, request.params);
      if (isRefused(ticket)) return ticket;
      const progress = await uploads.look(ticket);
      return progress ? told(reply, progress).code(200).send() : refuse('not_found');
    },
  );
  app.patch(
    '/api/consultations/:id/uploads/:upload',
    {
      bodyLimit: pictureLimits.bytes,
      schema: {
        ...tag,
        summary:
          'Brings what follows on Upload-Offset (tus); with its end the picture is on the card',
        params: UploadParams,
      },
    },
    async (request, reply) => {
      const ticket = await ticketOf(request, request.params);
      if (isRefused(ticket)) return ticket;
      const offset = wholeNumber(request.headers['upload-offset']);
      const isChunk = request.headers['content-type'] === CHUNK_TYPE;
      if (offset === undefined || !isChunk) return refuse('invalid', 'upload-offset');
      const progress = await uploads.receive(
        ticket,
        offset,
        whileItComes(request.body as Readable),
      );
      return isRefused(progress) ? progress : told(reply, progress).code(204).send();
    },
  );
  app.delete(
    '/api/consultations/:id/uploads/:upload',
    {
      schema: {
        ...tag,
        summary: 'Gives an upload up (tus)',
        params: UploadParams,
      },
    },
    async (request, reply) => {
      const ticket = await ticketOf(request, request.params);
      if (isRefused(ticket)) return ticket;
      const dropped = await uploads.drop(ticket);
      return isRefused(dropped) ? dropped : reply.code(204).send();
    },
  );
}

/** A body's pieces, until it ends or falls silent; who stops reading it early leaves it as it is. */
async function* whileItComes(body: Readable): AsyncGenerator<Uint8Array> {
  const silence = setTimeout(() => body.destroy(new Error('nothing came any more')), SILENCE_MS);
  try {
    for await (const piece of body.iterator({ destroyOnReturn: false })) {
      silence.refresh();
      yield piece as Uint8Array;
    }
  } finally {
    clearTimeout(silence);
  }
}

const told = (
  reply: FastifyReply,
  { received, size, keptUntil, picture }: Progress,
): FastifyReply =>
  reply.headers({
    'upload-offset': String(received),
    'upload-length': String(size),
    'upload-expires': new Date(keptUntil).toUTCString(),
    ...(picture === undefined ? {} : { 'upload-picture': picture }),
  });

function wholeNumber(header: string | string[] | undefined): number | undefined {
  return typeof header === 'string' && /^\d{1,12}$/.test(header) ? Number(header) : undefined;
}
