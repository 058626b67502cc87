import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Actor } from '../../shared/log/envelope.ts';
import { isRefused, refuse, type Refused } from '../../shared/refusal.ts';
import {
  AgendaTemplateSchema,
  RefusedSchema,
  SaveAgendaTemplateSchema,
} from '../../shared/wire/rest.ts';
import type { AgendaTemplates } from './agenda-templates.ts';
import type { Routes, Visitor } from './entrance.ts';

const tag = { tags: ['agenda templates'] };
const path = '/api/agenda-templates';

interface Parts<Who extends Visitor> {
  readonly templates: AgendaTemplates;
  readonly whoIs: (request: FastifyRequest) => Promise<Who | undefined>;
}

/** The office's agendas, from which new consultations begin. */
export function agendaTemplateRoutes<Who extends Visitor>(
  app: Routes,
  { templates, whoIs }: Parts<Who>,
): void {
  async function officer(request: FastifyRequest): Promise<Actor | Refused> {
    const who = await whoIs(request);
    if (!who) return refuse('not_logged_in');
    const role = who.office?.find((each) => each === 'officer') ?? who.office?.[0];
    return role === undefined ? refuse('forbidden') : { person: who.person, name: who.name, role };
  }

  app.get(
    path,
    {
      schema: {
        ...tag,
        summary: 'The agendas to begin from, the usual one first',
        response: { 200: Type.Array(AgendaTemplateSchema), '4xx': RefusedSchema },
      },
    },
    async (request) => {
      const actor = await officer(request);
      return isRefused(actor) ? actor : templates.list(actor);
    },
  );
  app.post(
    path,
    {
      schema: {
        ...tag,
        summary: 'Saves an agenda as a template; with an id, anew',
        body: SaveAgendaTemplateSchema,
        response: { 200: AgendaTemplateSchema, '4xx': RefusedSchema },
      },
    },
    async (request) => {
      const actor = await officer(request);
      return isRefused(actor) ? actor : templates.save(request.body, actor);
    },
  );
  app.delete(
    `${path}/:id`,
    {
      schema: {
        ...tag,
        summary: 'Takes a template away; consultations that began from it keep their agendas',
        params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) }),
        response: { 200: Type.Object({ ok: Type.Literal(true) }), '4xx': RefusedSchema },
      },
    },
    async (request) => {
      const actor = await officer(request);
      return isRefused(actor) ? actor : templates.remove(request.params.id, actor);
    },
  );
}
