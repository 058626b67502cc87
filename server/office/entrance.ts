import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyRequest,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { RecordedConsultationEvent } from '../../shared/consultation/index.ts';
import type { ConsultationState } from '../../shared/consultation/state.ts';
import type { Actor } from '../../shared/log/envelope.ts';
import { refuse, type Refused } from '../../shared/refusal.ts';
import type { CommandMessage } from '../../shared/wire/up.ts';
import type { AgendaTemplates } from './agenda-templates.ts';
import type { Consultations, CreatingRecord, Holder } from './consultations.ts';

export interface LiveConsultation {
  readonly state: ConsultationState;
  readonly events: readonly RecordedConsultationEvent[];
}

export interface Visitor extends Holder {
  readonly name: string;
}

export interface OfficeRoutes<Who extends Visitor> {
  readonly consultations: Consultations;
  readonly templates: AgendaTemplates;
  readonly record: CreatingRecord & {
    open(id: string): Promise<LiveConsultation | undefined>;
    handle(
      id: string,
      message: CommandMessage,
      actor: (state: ConsultationState) => Actor | undefined,
    ): Promise<{ readonly ok: true; readonly seq: number } | Refused>;
  };
  readonly whoIs: (request: FastifyRequest) => Promise<Who | undefined>;
  readonly actorIn: (who: Who, consultation: Pick<LiveConsultation, 'state'>) => Actor | undefined;
  readonly people: {
    add(name: string): Promise<string>;
    invite(invitation: { person: string; consultation: string }): Promise<string>;
    wasInvited(person: string, consultation: string): Promise<boolean>;
    inviteAnew(person: string, consultation: string): Promise<string>;
  };
  /** One command more of this device, never of its address; false when there were too many. */
  readonly countCommand: (who: Who) => boolean;
  readonly newId: (prefix: string) => string;
  readonly now: () => number;
}

/** The server, knowing the types that the schemas stand for. */
export type Routes = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

export interface Entered<Who> {
  readonly who: Who;
  readonly actor: Actor;
  readonly live: LiveConsultation;
  /** Who that is when a command of theirs is decided: the roster may have changed by then. */
  readonly actorThen: (state: ConsultationState) => Actor | undefined;
}
export type Enter<Who> = (request: FastifyRequest, id: string) => Promise<Entered<Who> | Refused>;

/** The room's door: who may not know of a consultation gets the answer of one that isn't there. */
export function doorOf<Who extends Visitor>(
  parts: Pick<OfficeRoutes<Who>, 'whoIs' | 'actorIn'> & {
    readonly record: Pick<OfficeRoutes<Who>['record'], 'open'>;
  },
): Enter<Who> {
  return async (request, id) => {
    const who = await parts.whoIs(request);
    if (!who) return refuse('not_logged_in');
    const live = await parts.record.open(id);
    const actor = live && parts.actorIn(who, live);
    const actorThen = (state: ConsultationState) => parts.actorIn(who, { state });
    return actor ? { who, actor, live, actorThen } : refuse('not_found');
  };
}
