import type { FastifyInstance } from 'fastify';
import { TokenBuckets } from './live/token-bucket.ts';
import type { ConsultationRecord } from './log/record.ts';
import { actorIn, type Identity } from './login/identity.ts';
import type { Logins } from './login/logins.ts';
import { doorOf } from './office/entrance.ts';
import { similarRoutes } from './similar/routes.ts';
import type { SimilarOpinions } from './similar/similar.ts';

/** Questions of one device: one at each pause of a writer, or as the desk goes from text to text. */
const ofPerson = { burst: 40, perSecond: 2 };
const ofGuest = { burst: 15, perSecond: 0.5 };
const SWEEP_EVERY_MS = 60_000;

export interface SimilarDoorsParts {
  readonly similar: Pick<SimilarOpinions, 'find'>;
  readonly logins: Pick<Logins, 'identify'>;
  readonly record: ConsultationRecord;
  readonly now: () => number;
}

/** How one comes to ask what others have said already, and how often. */
export function similarDoors(
  http: FastifyInstance,
  { similar, logins, record, now }: SimilarDoorsParts,
): { close(): void } {
  const persons = new TokenBuckets(ofPerson, now);
  const guests = new TokenBuckets(ofGuest, now);
  const sweeping = setInterval(() => {
    persons.sweep();
    guests.sweep();
  }, SWEEP_EVERY_MS);
  similarRoutes<Identity>(http, {
    similar,
    enter: doorOf<Identity>({
      record,
      actorIn,
      whoIs: (request) => logins.identify(request.headers.cookie),
    }),
    countQuestion: (who) =>
      who.kind === 'person' ? persons.take(who.login) : guests.take(who.person),
  });
  return { close: () => clearInterval(sweeping) };
}
