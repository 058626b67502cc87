import type { IncomingHttpHeaders } from 'node:http';
import type { ConsultationState } from '../shared/consultation/index.ts';
import { isTabled } from '../shared/consultation/opinions.ts';
import { can } from '../shared/policy/can.ts';
import type { Access } from './board/parts.ts';
import type { ConsultationRecord } from './log/record.ts';
import { actorIn, type Identity } from './login/identity.ts';

export interface BoardAccessParts {
  readonly record: Pick<ConsultationRecord, 'open' | 'onAppended'>;
  readonly identify: (cookie: string | undefined) => Promise<Identity | undefined>;
  /** Known without waiting: asked for every message. */
  readonly isRevoked: (login: string) => boolean;
  readonly originAllowed: (headers: IncomingHttpHeaders) => boolean;
}

/**
 * The door of the boards. Whoever was let in is looked up again for every message, so the roster is kept at hand here,
 * as the record tells it.
 */
export function boardAccess(parts: BoardAccessParts): {
  readonly access: Access;
  readonly watched: () => Iterable<string>;
  readonly close: () => void;
} {
  const stateById = new Map<string, ConsultationState>();
  const stop = parts.record.onAppended((id, _events, state) => {
    if (stateById.has(id)) stateById.set(id, state);
  });

  const access: Access = async (headers, consultation) => {
    if (!parts.originAllowed(headers)) return 'forbidden';
    const who = await parts.identify(headers.cookie);
    if (!who) return 'not-logged-in';
    const live = await parts.record.open(consultation);
    const allowed = live && actorIn(who, live);
    if (!live || !allowed || !can(allowed, 'board.read')) return 'not-found';
    const known = stateById.get(consultation);
    if (!known || known.seq < live.state.seq) stateById.set(consultation, live.state);
    const state = (): ConsultationState => stateById.get(consultation) ?? live.state;
    return {
      actor() {
        if (who.kind === 'person' && parts.isRevoked(who.login)) return undefined;
        return actorIn(who, { state: state() });
      },
      tabled: (card) => isTabled(state().opinions, card),
      phase: () => state().lifecycle.phase,
    };
  };
  return { access, watched: () => stateById.keys(), close: stop };
}
