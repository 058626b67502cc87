import { Type, type Static } from 'typebox';
import { ParticipantSchema } from '../consultation/attendance.ts';
import { FormSchema } from '../consultation/lifecycle.ts';
import type { OfficeRole, Role } from '../policy/roles.ts';

/** Bodies and answers of the HTTP interface. */
export const RedeemSchema = Type.Object({
  token: Type.String({ minLength: 8, maxLength: 200 }),
  /** This browser is already someone else: the person said to switch. */
  switch: Type.Optional(Type.Boolean()),
});
export interface Redeemed {
  readonly me: Login;
  /** Where the invitation leads. */
  readonly path: string;
}

/** Who this browser is. */
export interface Login {
  readonly kind: 'person' | 'guest';
  readonly person: string;
  readonly name: string;
  readonly office: readonly OfficeRole[];
  /** The consultations that this person has a part in. */
  readonly consultations: readonly {
    readonly id: string;
    readonly title: string;
    readonly role: Role;
    readonly phase: string;
  }[];
}

export const JoinSchema = Type.Object({
  code: Type.String({ maxLength: 20 }),
  nickname: Type.Optional(Type.String({ maxLength: 20 })),
});
export interface Joined {
  readonly consultation: string;
  readonly title: string;
}

export const CreateConsultationSchema = Type.Object({
  title: Type.String({ minLength: 1, maxLength: 120 }),
  host: Type.Optional(Type.String({ maxLength: 80 })),
  form: Type.Optional(FormSchema),
  startsAt: Type.Optional(Type.Integer({ minimum: 0 })),
  sample: Type.Optional(Type.Boolean()),
});
export type CreateConsultation = Static<typeof CreateConsultationSchema>;
export interface CreatedConsultation {
  readonly id: string;
  readonly code: string;
  readonly screenKey: string;
}

export const AddParticipantsSchema = Type.Array(ParticipantSchema, { minItems: 1, maxItems: 500 });
export interface AddedParticipant {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** The invitation's secret: `/i/<token>`. Shown this once. */
  readonly token: string;
}
