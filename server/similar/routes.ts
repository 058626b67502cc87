import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Actor } from '../../shared/log/envelope.ts';
import { can } from '../../shared/policy/can.ts';
import { isRefused, refuse, type Refused } from '../../shared/refusal.ts';
import { FindSimilarSchema, RefusedSchema, SimilarSchema } from '../../shared/wire/rest.ts';
import type { LiveConsultation } from './parts.ts';
import type { SimilarOpinions } from './similar.ts';

export interface SimilarRoutes<Who> {
  readonly similar: Pick<SimilarOpinions, 'find'>;
  /** The room's door: who that is there, and the consultation as it is now. */
  readonly enter: (
    request: FastifyRequest,
    id: string,
  ) => Promise<{ who: Who; actor: Actor; live: LiveConsultation } | Refused>;
  /** One question more of this device; false when there were too many. */
  readonly countQuestion: (who: Who) => boolean;
}

const MAX_BYTES = 16 * 1024;

/** What others have said already, for whoever is writing or reviewing. The text is compared, and kept nowhere. */
export function similarRoutes<Who>(
  app: FastifyInstance,
  { similar, enter, countQuestion }: SimilarRoutes<Who>,
): void {
  app.withTypeProvider<TypeBoxTypeProvider>().post(
    '/api/consultations/:id/similar',
    {
      bodyLimit: MAX_BYTES,
      schema: {
        tags: ['consultations'],
        summary: 'What says much the same as a text, here and in what was answered earlier',
        params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) }),
        body: FindSimilarSchema,
        response: { 200: Type.Array(SimilarSchema), '4xx': RefusedSchema },
      },
    },
    async (request) => {
      const entered = await enter(request, request.params.id);
      if (isRefused(entered)) return entered;
      const { who, actor, live } = entered;
      if (!can(actor, 'similar.find')) return refuse('forbidden');
      if (!countQuestion(who)) return refuse('too_many');
      return similar.find(actor, live, request.body);
    },
  );
}
