import { refuse } from '../shared/refusal.ts';
import type { EnterBy, Entered } from './files/parts.ts';
import type { ConsultationRecord } from './log/record.ts';
import { actorIn, screenActor, type Identity } from './login/identity.ts';
import type { Logins } from './login/logins.ts';
import type { Consultations } from './office/consultations.ts';
import { doorOf } from './office/entrance.ts';

export interface FilesDoorsParts {
  readonly logins: Pick<Logins, 'identify'>;
  readonly record: ConsultationRecord;
  readonly consultations: Pick<Consultations, 'isScreenKey'>;
}

/** How one comes to a picture: as someone of the consultation, or as its big screen, which has a key and no cookie. */
export function filesDoors({ logins, record, consultations }: FilesDoorsParts): {
  readonly enter: EnterBy;
  readonly enterOrScreen: EnterBy;
} {
  const whoIs = (request: Parameters<EnterBy>[0]) => logins.identify(request.headers.cookie);
  const door = doorOf<Identity>({ whoIs, record, actorIn });
  const enter: EnterBy = async (request, id) => {
    const entered = await door(request, id);
    return 'live' in entered ? { actor: entered.actor, state: entered.live.state } : entered;
  };
  return {
    enter,
    async enterOrScreen(request, id) {
      const { k: key } = request.query as { k?: string };
      if (key === undefined) return enter(request, id);
      const live = (await consultations.isScreenKey(id, key)) ? await record.open(id) : undefined;
      return live ? { actor: screenActor, state: live.state } : refuse('not_found');
    },
  };
}

/** Who a person of the roster is now, for what is done in their name after they were last heard. */
export const personIn =
  (record: ConsultationRecord) =>
  async (consultation: string, person: string): Promise<Entered | undefined> => {
    await record.refresh(consultation);
    const live = await record.open(consultation);
    const someone: Identity = { kind: 'person', person, name: '', office: [], login: '' };
    const actor = live && actorIn(someone, live);
    return live && actor ? { actor, state: live.state } : undefined;
  };
