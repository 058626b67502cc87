import { Type } from 'typebox';
import { entryOf } from '../../shared/consultation/entry.ts';
import { can } from '../../shared/policy/can.ts';
import { isRefused, refuse, type Refused } from '../../shared/refusal.ts';
import {
  AddedParticipantSchema,
  AddParticipantsSchema,
  RefusedSchema,
  type AddedParticipant,
} from '../../shared/wire/rest.ts';
import { MAX_COMMAND_BYTES } from '../../shared/wire/up.ts';
import type { Enter, OfficeRoutes, Routes, Visitor } from './entrance.ts';

const Id = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
const PersonOf = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 64 }),
  person: Type.String({ minLength: 1, maxLength: 64 }),
});
const tag = { tags: ['people'] };

/** Who takes part, and how they are let in. */
export function peopleRoutes<Who extends Visitor>(
  app: Routes,
  { record, people, newId }: OfficeRoutes<Who>,
  enter: Enter<Who>,
): void {
  /**
   * An invitation makes a device that person wherever they have a part. So a room's staff invite anew only whom this
   * room let in: a roster may name people of other rooms, and of the office.
   */
  const mayInviteAnew = async (who: Who, person: string, id: string): Promise<boolean> =>
    who.office?.includes('officer') === true || (await people.wasInvited(person, id));

  app.post(
    '/api/consultations/:id/participants',
    {
      bodyLimit: 4 * MAX_COMMAND_BYTES,
      schema: {
        ...tag,
        summary: 'Adds people to the roster and makes an invitation for each',
        params: Id,
        body: AddParticipantsSchema,
        response: { 200: Type.Array(AddedParticipantSchema), '4xx': RefusedSchema },
      },
    },
    async (request) => {
      const { id } = request.params;
      const entered = await enter(request, id);
      if (isRefused(entered)) return entered;
      if (!can(entered.actor, 'participant.add')) return refuse('forbidden');
      const added: AddedParticipant[] = [];
      for (const [index, participant] of request.body.entries()) {
        const person = await people.add(participant.name);
        const commandId = newId('add');
        const data = { person, participant };
        const message = { commandId, type: 'participant.add', data };
        // first, so that whoever is in the roster through here was invited; a token that nobody is told opens nothing
        const token = await people.invite({ person, consultation: id });
        const handled = await record.handle(id, message, entered.actorThen);
        if (isRefused(handled)) return within(handled, index);
        added.push({ id: person, name: participant.name, role: participant.role, token });
      }
      return added;
    },
  );
  app.post(
    '/api/consultations/:id/participants/:person/invitation',
    {
      schema: {
        ...tag,
        summary: 'Makes a new invitation; earlier ones and their devices are out',
        params: PersonOf,
        response: { 200: AddedParticipantSchema, '4xx': RefusedSchema },
      },
    },
    async (request) => {
      const { id, person } = request.params;
      const entered = await enter(request, id);
      if (isRefused(entered)) return entered;
      if (!can(entered.actor, 'invitation.issue')) return refuse('forbidden');
      const participant = entryOf(entered.live.state.roster, person);
      if (!participant) return refuse('not_found', 'person');
      if (!(await mayInviteAnew(entered.who, person, id))) return refuse('forbidden', 'person');
      const { name, role } = participant;
      return { id: person, name, role, token: await people.inviteAnew(person, id) };
    },
  );
}

const within = ({ refused }: Refused, index: number): Refused =>
  refuse(refused.code, [index, refused.field].filter((part) => part !== undefined).join('.'));
