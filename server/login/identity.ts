import type { RoomRole, OfficeRole } from '../../shared/policy/roles.ts';
import type { Actor } from '../../shared/log/envelope.ts';
import type { ConsultationState } from '../../shared/consultation/index.ts';

export interface Guest {
  readonly kind: 'guest';
  /** `g_…` */
  readonly person: string;
  readonly name: string;
  /** The consultations that this guest joined by their code. */
  readonly visits: readonly string[];
}

export interface Person {
  readonly kind: 'person';
  readonly person: string;
  readonly name: string;
  readonly office: readonly OfficeRole[];
  /** This device's login. */
  readonly login: string;
  /** The same browser as a citizen: where the person has no part, the citizen may still have one. */
  readonly guest?: Guest;
}

/** Who a browser is. */
export type Identity = Person | Guest;

/** Guests have no name in the record: what they are called lies where it can be erased. */
export const GUEST_NAME = '扫码群众';

/**
 * Who someone is in a consultation, by its roster as it is now; ask anew for every message. `undefined`: for them it
 * does not exist.
 */
export function actorIn(
  identity: Identity,
  { state }: { readonly state: ConsultationState },
): Actor | undefined {
  if (identity.kind === 'guest') return guestIn(identity, state);
  const { person, name, office, guest } = identity;
  const participant = state.roster[person];
  if (participant) {
    const { role, unit } = participant;
    return { person, role, name: participant.name, ...(unit === '' ? {} : { unit }) };
  }
  if (office.includes('officer')) return { person, role: 'officer', name };
  return guest && guestIn(guest, state);
}

const guestIn = ({ person, visits }: Guest, { id }: ConsultationState): Actor | undefined =>
  visits.includes(id) ? { person, role: 'public', name: GUEST_NAME } : undefined;

/** What the screen's key makes of whoever shows it. */
export const screenActor: Actor = {
  person: 'screen',
  role: 'screen' satisfies RoomRole,
  name: '大屏',
};
