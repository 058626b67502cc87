import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Boards } from './board/boards.ts';
import { boardRoutes } from './board/routes.ts';
import type { Config } from './config.ts';
import type { Files } from './files/files.ts';
import { filesDoors } from './files-doors.ts';
import { isSecure } from './http/security.ts';
import { TokenBuckets } from './live/token-bucket.ts';
import type { ConsultationRecord } from './log/record.ts';
import { actorIn, type Identity } from './login/identity.ts';
import type { Logins } from './login/logins.ts';
import type { People } from './login/people.ts';
import type { Revocations } from './login/revocations.ts';
import { loginRoutes } from './login/routes.ts';
import { newId } from './login/tokens.ts';
import type { AgendaTemplates } from './office/agenda-templates.ts';
import type { Consultations } from './office/consultations.ts';
import { doorOf } from './office/entrance.ts';
import { officeRoutes } from './office/routes.ts';
import { similarDoors } from './similar-doors.ts';
import type { SimilarOpinions } from './similar/similar.ts';

/** Failures of one address with invitations and codes. */
const failures = { burst: 60, perSecond: 0.5 };
/** Commands of one device over HTTP: scripts are quicker than people. */
const commandsOfPerson = { burst: 300, perSecond: 50 };
const commandsOfGuest = { burst: 30, perSecond: 1 };
/** Questions of one device about a board's past; a long history is read in many pages. */
const lookingBack = { burst: 120, perSecond: 4 };
const SWEEP_EVERY_MS = 60_000;

export interface RoutesParts {
  readonly config: Pick<Config, 'publicUrl'>;
  readonly logins: Logins;
  readonly people: People;
  readonly revocations: Revocations;
  readonly consultations: Consultations;
  readonly templates: AgendaTemplates;
  readonly record: ConsultationRecord;
  readonly files: Pick<Files, 'addRoutes'>;
  readonly boards: Boards;
  readonly similar: Pick<SimilarOpinions, 'find'>;
  readonly now: () => number;
}

/** The features' routes, each with what it needs of the others. */
export function addRoutes(http: FastifyInstance, parts: RoutesParts): { close(): void } {
  const { config, logins, people, revocations, consultations } = parts;
  const { templates, record, boards, files, now } = parts;
  const failed = new TokenBuckets(failures, now);
  const ofPersons = new TokenBuckets(commandsOfPerson, now);
  const ofGuests = new TokenBuckets(commandsOfGuest, now);
  const ofReaders = new TokenBuckets(lookingBack, now);
  const sweeping = setInterval(() => {
    for (const buckets of [failed, ofPersons, ofGuests, ofReaders]) buckets.sweep();
  }, SWEEP_EVERY_MS);

  const whoIs = (request: FastifyRequest) => logins.identify(request.headers.cookie);

  loginRoutes(http, {
    logins: {
      ...logins,
      async leave(login) {
        await logins.leave(login);
        await revocations.look();
      },
      async redeem(...asked) {
        const redeemed = await logins.redeem(...asked);
        // switching ends the login that this browser had
        if ('token' in redeemed) await revocations.look();
        return redeemed;
      },
    },
    consultationsOf: (who) => consultations.of(who),
    consultationByCode: (code) => consultations.byCode(code),
    countFailure: (address) => failed.take(address),
    isSecure: (request) => isSecure(request, config.publicUrl),
  });
  officeRoutes<Identity>(http, {
    consultations,
    templates,
    record,
    actorIn,
    whoIs,
    people: {
      ...people,
      async inviteAnew(...invited) {
        const token = await people.inviteAnew(...invited);
        await revocations.look();
        return token;
      },
    },
    countCommand: (who) =>
      who.kind === 'person' ? ofPersons.take(who.login) : ofGuests.take(who.person),
    newId,
    now,
  });
  files.addRoutes(http, filesDoors({ logins, record, consultations }));
  boardRoutes(http, {
    past: boards,
    enter: doorOf<Identity>({ record, whoIs, actorIn }),
    count: ({ who }) => ofReaders.take(who.kind === 'person' ? who.login : who.person),
  });
  const asking = similarDoors(http, { similar: parts.similar, logins, record, now });
  return {
    close() {
      clearInterval(sweeping);
      asking.close();
    },
  };
}
