import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { isRefused, refuse } from '../../shared/refusal.ts';
import { RefusedSchema } from '../../shared/wire/rest.ts';
import type { EnterBy } from './parts.ts';
import type { Pictures } from './pictures.ts';

const IdSchema = Type.String({ minLength: 1, maxLength: 100 });
const tag = { tags: ['pictures'] };
/** A picture's address names its content, so a copy is never out of date; but it stays on the reader's own device. */
const A_DAY = 'private, max-age=86400, immutable';

export interface PictureRoutes {
  readonly pictures: Pictures;
  readonly enter: EnterBy;
  /** The same, or by the key of the big screen. */
  readonly enterOrScreen: EnterBy;
}

export function pictureRoutes(
  instance: FastifyInstance,
  { pictures, enter, enterOrScreen }: PictureRoutes,
): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  app.get(
    '/api/consultations/:id/pictures/:picture',
    {
      schema: {
        ...tag,
        summary: 'A picture on a card or on a released opinion, as JPEG',
        params: Type.Object({ id: IdSchema, picture: IdSchema }),
        querystring: Type.Object({
          size: Type.Optional(Type.Literal('thumb')),
          /** The big screen's key. */
          k: Type.Optional(Type.String({ maxLength: 100 })),
        }),
      },
    },
    async (request, reply) => {
      const { id, picture } = request.params;
      const entered = await enterOrScreen(request, id);
      if (isRefused(entered)) return entered;
      const size = request.query.size ?? 'whole';
      const bytes = await pictures.read(id, entered, picture, size);
      if (!bytes) return refuse('not_found');
      const etag = `"${picture}-${size}"`;
      void reply.headers({
        etag,
        'cache-control': A_DAY,
        'content-disposition': 'inline; filename="picture.jpg"',
        // whatever a reader takes it for: it can do nothing
        'content-security-policy': "default-src 'none'; sandbox",
      });
      if (request.headers['if-none-match'] === etag) return reply.code(304).send();
      return reply.type('image/jpeg').send(Buffer.from(bytes));
    },
  );
  app.delete(
    '/api/consultations/:id/cards/:card/pictures/:picture',
    {
      schema: {
        ...tag,
        summary: 'Takes a picture off a card: who put it there, whose card it is, or the desk',
        params: Type.Object({ id: IdSchema, card: IdSchema, picture: IdSchema }),
        response: { 200: Type.Object({ ok: Type.Literal(true) }), '4xx': RefusedSchema },
      },
    },
    async (request) => {
      const { id, card, picture } = request.params;
      const entered = await enter(request, id);
      if (isRefused(entered)) return entered;
      return pictures.remove({ consultation: id, card }, entered, picture);
    },
  );
}
