import { Type, type Static } from 'typebox';
import { ParticipantSchema } from '../consultation/attendance.ts';
import { StagesSchema } from '../consultation/stage.ts';
import type { ConsultationState, RecordedConsultationEvent } from '../consultation/index.ts';
import { FormSchema } from '../consultation/lifecycle.ts';
import { MAX_OPINION_CHARS } from '../consultation/opinions.ts';
import { stances } from '../consultation/responses.ts';
import { officeRoles, participantRoles, roomRoles, type Role } from '../policy/roles.ts';
import type { RefusalCode } from '../refusal.ts';

/** Bodies and answers of the HTTP interface. */
const RoleSchema = Type.Unsafe<Role>(Type.Enum([...roomRoles, ...officeRoles, 'system']));

/** Every answer that is not 200. */
export const RefusedSchema = Type.Object({
  refused: Type.Object({
    code: Type.Unsafe<RefusalCode>(Type.String()),
    message: Type.Optional(Type.String()),
    field: Type.Optional(Type.String()),
  }),
});

export const RedeemSchema = Type.Object({
  token: Type.String({ minLength: 8, maxLength: 200 }),
  /** This browser is already someone else: the person said to switch. */
  switch: Type.Optional(Type.Boolean()),
});

/** A consultation in a list. */
export const ListedConsultationSchema = Type.Object({
  id: Type.String(),
  title: Type.String(),
  role: RoleSchema,
  phase: Type.String(),
  host: Type.String(),
  startsAt: Type.Integer(),
  sample: Type.Boolean(),
});
export type ListedConsultation = Static<typeof ListedConsultationSchema>;

/** Who this browser is. */
export const LoginSchema = Type.Object({
  kind: Type.Union([Type.Literal('person'), Type.Literal('guest')]),
  person: Type.String(),
  name: Type.String(),
  office: Type.Array(Type.Enum([...officeRoles])),
  /** The consultations that this person has a part in. */
  consultations: Type.Array(ListedConsultationSchema),
});
export type Login = Static<typeof LoginSchema>;

export const RedeemedSchema = Type.Object({
  me: LoginSchema,
  /** Where the invitation leads. */
  path: Type.String(),
});
export type Redeemed = Static<typeof RedeemedSchema>;

export const JoinSchema = Type.Object({
  code: Type.String({ maxLength: 20 }),
  nickname: Type.Optional(Type.String({ maxLength: 20 })),
});
export const JoinedSchema = Type.Object({ consultation: Type.String(), title: Type.String() });
export type Joined = Static<typeof JoinedSchema>;

/** A submission as whoever has its receipt number is told of it. */
export const ReceiptSchema = Type.Object({
  id: Type.String(),
  receipt: Type.String(),
  /** Milliseconds since 1970. */
  at: Type.Number(),
  status: Type.Enum(['received', 'accepted', 'declined']),
  /** Absent once erased. */
  text: Type.Optional(Type.String()),
  reason: Type.Optional(Type.String()),
  opinion: Type.Optional(Type.String()),
});
export type Receipt = Static<typeof ReceiptSchema>;

export const CreateConsultationSchema = Type.Object({
  title: Type.String({ minLength: 1, maxLength: 120 }),
  host: Type.Optional(Type.String({ maxLength: 80 })),
  form: Type.Optional(FormSchema),
  startsAt: Type.Optional(Type.Integer({ minimum: 0 })),
  sample: Type.Optional(Type.Boolean()),
  /** The template that its agenda begins from; without one, the usual two hours. */
  agenda: Type.Optional(Type.String({ maxLength: 64 })),
});
export type CreateConsultation = Static<typeof CreateConsultationSchema>;
export const CreatedConsultationSchema = Type.Object({
  id: Type.String(),
  code: Type.String(),
  screenKey: Type.String(),
});
export type CreatedConsultation = Static<typeof CreatedConsultationSchema>;

export const AgendaTemplateSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  stages: StagesSchema,
  /** Comes with the program, and can't be changed. */
  builtIn: Type.Boolean(),
});
export type AgendaTemplate = Static<typeof AgendaTemplateSchema>;
export const SaveAgendaTemplateSchema = Type.Object({
  id: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' })),
  name: Type.String({ minLength: 1, maxLength: 60 }),
  stages: StagesSchema,
});
export type SaveAgendaTemplate = Static<typeof SaveAgendaTemplateSchema>;

/** What `GET /api/consultations/:id` answers: like the socket's snapshot. */
export const ConsultationSchema = Type.Object({
  state: Type.Unsafe<ConsultationState>({ type: 'object', additionalProperties: true }),
  me: Type.Object({
    person: Type.String(),
    role: RoleSchema,
    name: Type.String(),
    unit: Type.Optional(Type.String()),
  }),
  now: Type.Integer(),
  /** For the desk: opens the big screen, `/screen/:id?k=`. */
  screenKey: Type.Optional(Type.String()),
});
export type ConsultationAnswer = Static<typeof ConsultationSchema>;

export const AddParticipantsSchema = Type.Array(ParticipantSchema, { minItems: 1, maxItems: 500 });
export const AddedParticipantSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  role: Type.Enum([...participantRoles]),
  /** The invitation's secret: `/i/<token>`. Shown this once. */
  token: Type.String(),
});
export type AddedParticipant = Static<typeof AddedParticipantSchema>;

export const CommandDoneSchema = Type.Object({ ok: Type.Literal(true), seq: Type.Integer() });

export const EventSpanSchema = Type.Object({
  from: Type.Integer(),
  to: Type.Integer(),
  events: Type.Unsafe<RecordedConsultationEvent[]>({ type: 'array', items: {} }),
});

export const FindSimilarSchema = Type.Object({
  text: Type.String({ minLength: 1, maxLength: MAX_OPINION_CHARS }),
  /** What the text itself belongs to: a card, an opinion or a submission, which is not similar to itself. */
  except: Type.Optional(Type.String({ maxLength: 100 })),
});

/** An answer as it was released to the public. */
export const ReleasedAnswerSchema = Type.Object({
  unit: Type.String(),
  stance: Type.Enum([...stances]),
  text: Type.String(),
  reason: Type.Optional(Type.String()),
  commitments: Type.Array(
    Type.Object({
      what: Type.String(),
      officer: Type.String(),
      due: Type.String({ description: 'YYYY-MM-DD' }),
    }),
  ),
  at: Type.Integer({ description: 'published, milliseconds since 1970' }),
});
export type ReleasedAnswer = Static<typeof ReleasedAnswerSchema>;

/** Something that says much the same, as far as the reader may know it. */
export const SimilarSchema = Type.Object({
  source: Type.Enum(['draft', 'opinion', 'submission', 'earlier']),
  id: Type.String(),
  /** The board's card, of a draft and of an opinion that was one. */
  card: Type.Optional(Type.String()),
  no: Type.Optional(Type.Integer()),
  consultation: Type.String(),
  /** The consultation's. */
  title: Type.String(),
  text: Type.String(),
  /** Whose it is, in words; absent for what came by QR code and waits for review. */
  by: Type.Optional(Type.String()),
  at: Type.Integer({ description: 'milliseconds since 1970' }),
  score: Type.Number({ minimum: 0, maximum: 1 }),
  answer: Type.Optional(ReleasedAnswerSchema),
});
export type Similar = Static<typeof SimilarSchema>;
