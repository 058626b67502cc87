import { Type, type Static } from 'typebox';
import { can } from '../policy/can.ts';
import { isRefused, refuse, type Refused } from '../refusal.ts';
import { addCalendarDays, addWorkingDays, dayOf } from '../working-days.ts';
import type { Actor, Circumstances, Decision, EventOf, Recorded } from './decision.ts';
import { entryOf } from './entry.ts';
import { creditsOf, release } from './merged-opinions.ts';
import type { Opinion, OpinionEvent } from './opinions.ts';
import type { ConsultationState } from './state.ts';

export const stances = ['adopt', 'partly', 'study', 'decline'] as const;
export type Stance = (typeof stances)[number];

export interface Commitment {
  readonly what: string;
  readonly officer: string;
  /** `YYYY-MM-DD`. */
  readonly due: string;
  readonly days?: number;
  readonly dayKind?: 'working' | 'calendar';
  /** The due day crosses into a year whose holidays are not published yet. */
  readonly provisional?: true;
}

/** What a department answers: the words that are official once it confirms them. */
export interface Answer {
  readonly text: string;
  readonly stance: Stance;
  readonly reason?: string;
  readonly commitments: readonly Commitment[];
}

export interface Response {
  readonly id: string;
  readonly opinion: string;
  readonly unit: string;
  readonly status: 'recorded' | 'confirmed' | 'published';
  readonly current: Answer;
  readonly recordedAt: number;
  readonly publishedAt?: number;
  /** Published wordings that a correction has replaced, oldest first. */
  readonly earlier: readonly (Answer & { readonly until: number; readonly why: string })[];
  readonly question?: { readonly text: string; readonly by: string; readonly at: number };
  readonly questionAnswer?: { readonly text: string; readonly at: number };
}

export type ResponseEvent =
  | EventOf<
      'response.recorded',
      {
        readonly id: string;
        readonly opinion: string;
        readonly unit: string;
        readonly answer: Answer;
      }
    >
  | EventOf<'response.confirmed', { readonly response: string; readonly unit: string }>
  | EventOf<
      'response.published',
      {
        readonly response: string;
        readonly opinion: string;
        readonly unit: string;
        readonly answer: Answer;
        readonly recordedAt: number;
      }
    >
  | EventOf<
      'response.corrected',
      { readonly response: string; readonly answer: Answer; readonly why: string }
    >
  | EventOf<
      'response.questioned',
      { readonly response: string; readonly text: string; readonly name: string }
    >
  | EventOf<'response.answered', { readonly response: string; readonly text: string }>;

const IdSchema = Type.String({ minLength: 1, maxLength: 100 });
const TextSchema = Type.String({ minLength: 1, maxLength: 4_000 });

const CommitmentSchema = Type.Object({
  what: Type.String({ minLength: 1, maxLength: 500 }),
  officer: Type.String({ minLength: 1, maxLength: 80 }),
  /** Counted from the day of the meeting; the day itself does not count. */
  days: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000 })),
  dayKind: Type.Optional(Type.Union([Type.Literal('working'), Type.Literal('calendar')])),
  due: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })),
});

const StanceSchema = Type.Enum([...stances]);
const AnswerReasonSchema = Type.Optional(Type.String({ maxLength: 1_000 }));
const CommitmentsSchema = Type.Optional(Type.Array(CommitmentSchema, { maxItems: 20 }));

export const responseCommands = {
  /** `response` replaces a text that is not published yet; `publish` also confirms and publishes (the unit only). */
  'response.record': Type.Object({
    opinion: IdSchema,
    text: TextSchema,
    stance: StanceSchema,
    reason: AnswerReasonSchema,
    commitments: CommitmentsSchema,
    response: Type.Optional(IdSchema),
    publish: Type.Optional(Type.Boolean()),
  }),
  'response.confirm': Type.Object({ response: IdSchema }),
  'response.publish': Type.Object({ response: IdSchema }),
  'response.correct': Type.Object({
    response: IdSchema,
    text: TextSchema,
    stance: StanceSchema,
    reason: AnswerReasonSchema,
    commitments: CommitmentsSchema,
    why: Type.String({ minLength: 1, maxLength: 500 }),
  }),
  'response.question': Type.Object({
    response: IdSchema,
    text: Type.String({ minLength: 1, maxLength: 500 }),
  }),
  'response.answer': Type.Object({
    response: IdSchema,
    text: Type.String({ minLength: 1, maxLength: 2_000 }),
  }),
};
export type ResponseCommand = {
  [Name in keyof typeof responseCommands]: {
    type: Name;
    data: Static<(typeof responseCommands)[Name]>;
  };
}[keyof typeof responseCommands];

type AnswerInput = Pick<
  Static<(typeof responseCommands)['response.record']>,
  'text' | 'stance' | 'reason' | 'commitments'
>;

export function decideResponses(
  state: ConsultationState,
  command: ResponseCommand,
  actor: Actor,
  circumstances: Circumstances,
): Decision<ResponseEvent | OpinionEvent> {
  if (command.type === 'response.record') return record(state, command.data, actor, circumstances);
  const response = entryOf(state.responses, command.data.response);
  const opinion = response && entryOf(state.opinions, response.opinion);
  if (!response || !opinion || !mayKnow(actor, response)) return refuse('not_found', 'response');
  const owners = creditsOf(state.opinions, opinion).map(({ person }) => person);
  if (!can(actor, command.type, { unit: response.unit, owners })) return refuse('forbidden');
  if (!underWay(state)) return refuse('not_open');
  switch (command.type) {
    case 'response.confirm':
      if (opinion.mergedInto !== undefined) return refuse('merged', 'response');
      if (!stillAsked(response, opinion)) return refuse('conflict', 'response');
      if (response.status !== 'recorded') return refuse('already');
      return [{ type: 'response.confirmed', data: { response: response.id, unit: response.unit } }];
    case 'response.publish':
      if (opinion.mergedInto !== undefined) return refuse('merged', 'response');
      return publish(state, response, opinion, actor);
    case 'response.correct': {
      if (response.status !== 'published') return refuse('conflict');
      const answer = answerFrom(command.data, circumstances.now);
      if (isRefused(answer)) return answer;
      return [
        {
          type: 'response.corrected',
          data: { response: response.id, answer, why: command.data.why },
        },
      ];
    }
    case 'response.question':
      if (response.status !== 'published') return refuse('conflict');
      if (response.question) return refuse('asked_already');
      return worded(command.data.text, (text) => ({
        type: 'response.questioned',
        data: { response: response.id, text, name: actor.name },
      }));
    case 'response.answer':
      if (!response.question) return refuse('conflict');
      if (response.questionAnswer) return refuse('already');
      return worded(command.data.text, (text) => ({
        type: 'response.answered',
        data: { response: response.id, text },
      }));
  }
}

/** The event with the words as they will stand, if there are any. */
function worded(given: string, event: (text: string) => ResponseEvent): Decision<ResponseEvent> {
  const text = given.trim();
  return text === '' ? refuse('empty_text', 'text') : [event(text)];
}

function record(
  state: ConsultationState,
  data: Static<(typeof responseCommands)['response.record']>,
  actor: Actor,
  { now, commandId }: Circumstances,
): Decision<ResponseEvent | OpinionEvent> {
  if (actor.role === 'public' || actor.role === 'screen') return refuse('forbidden');
  const opinion = entryOf(state.opinions, data.opinion);
  if (!opinion) return refuse('not_found', 'opinion');
  if (opinion.withdrawn || opinion.handedBack) return refuse('conflict', 'opinion');
  if (opinion.mergedInto !== undefined) return refuse('merged', 'opinion');
  if (!opinion.assigned)
    return refuse(
      actor.role === 'department' || can(actor, 'response.record') ? 'not_assigned' : 'forbidden',
    );
  const unit = opinion.assigned.lead;
  if (!can(actor, 'response.record', { unit }))
    return refuse(actor.role === 'department' ? 'not_assigned' : 'forbidden');
  if (!underWay(state)) return refuse('not_open');
  const answer = answerFrom(data, now);
  if (isRefused(answer)) return answer;
  const open = openResponse(state, opinion.id, unit, data.response);
  if (isRefused(open)) return open;
  const id = open?.id ?? commandId;
  const recorded: ResponseEvent = {
    type: 'response.recorded',
    data: { id, opinion: opinion.id, unit, answer },
  };
  if (data.publish !== true) return [recorded];
  if (!can(actor, 'response.confirm', { unit })) return refuse('not_confirmed');
  const written = {
    id,
    opinion: opinion.id,
    unit,
    current: answer,
    recordedAt: open?.recordedAt ?? now,
  };
  const confirmed: ResponseEvent = { type: 'response.confirmed', data: { response: id, unit } };
  return [recorded, confirmed, ...publishEvents(state, written, opinion)];
}

/** The response that `response.record` goes on writing, if there is one; a published one is corrected, not rewritten. */
function openResponse(
  { responses }: ConsultationState,
  opinion: string,
  unit: string,
  named: string | undefined,
): Response | undefined | Refused {
  const own = Object.values(responses).filter(
    (response) => response.opinion === opinion && response.unit === unit,
  );
  if (own.some(({ status }) => status === 'published')) return refuse('already', 'response');
  const open = own[0];
  return named !== undefined && named !== open?.id ? refuse('not_found', 'response') : open;
}

function publish(
  state: ConsultationState,
  response: Response,
  opinion: Opinion,
  actor: Actor,
): Decision<ResponseEvent | OpinionEvent> {
  if (response.status === 'published') return refuse('already');
  if (!stillAsked(response, opinion)) return refuse('conflict', 'response');
  // [RSP3] spoken is not official: only the unit's own confirmation lets a text out
  const byUnit = can(actor, 'response.confirm', { unit: response.unit });
  if (response.status === 'recorded' && !byUnit) return refuse('not_confirmed');
  const confirmed: ResponseEvent[] =
    response.status === 'recorded'
      ? [{ type: 'response.confirmed', data: { response: response.id, unit: response.unit } }]
      : [];
  return [...confirmed, ...publishEvents(state, response, opinion)];
}

/** Meanwhile the opinion may have been withdrawn, or given to another unit: then nobody waits for this answer. */
const stillAsked = ({ unit }: Response, { withdrawn, assigned, handedBack }: Opinion): boolean =>
  !withdrawn && !handedBack && assigned?.lead === unit;

function publishEvents(
  { opinions }: ConsultationState,
  {
    id,
    opinion,
    unit,
    current,
    recordedAt,
  }: Pick<Response, 'id' | 'opinion' | 'unit' | 'current' | 'recordedAt'>,
  released: Opinion,
): (ResponseEvent | OpinionEvent)[] {
  const published: ResponseEvent = {
    type: 'response.published',
    data: { response: id, opinion, unit, answer: current, recordedAt },
  };
  return [...release(opinions, released), published];
}

function answerFrom(
  { text, stance, reason, commitments }: AnswerInput,
  now: number,
): Answer | Refused {
  if (text.trim() === '') return refuse('empty_text', 'text');
  if (stance === 'decline' && !reason?.trim()) return refuse('reason_needed', 'reason');
  const promised: Commitment[] = [];
  for (const [index, input] of (commitments ?? []).entries()) {
    const commitment = commitmentFrom(input, now);
    if (!commitment) return refuse('invalid', `commitments.${index}.due`);
    promised.push(commitment);
  }
  return {
    text: text.trim(),
    stance,
    commitments: promised,
    ...(reason?.trim() ? { reason: reason.trim() } : {}),
  };
}

function commitmentFrom(
  input: Static<typeof CommitmentSchema>,
  now: number,
): Commitment | undefined {
  const { what, officer, days, due } = input;
  if (due !== undefined)
    return isDay(due) && due >= dayOf(now) ? { what, officer, due } : undefined;
  if (days === undefined) return undefined;
  const dayKind = input.dayKind ?? 'working';
  if (dayKind === 'calendar')
    return { what, officer, days, dayKind, due: addCalendarDays(dayOf(now), days) };
  const { day, provisional } = addWorkingDays(dayOf(now), days);
  return { what, officer, days, dayKind, due: day, ...(provisional ? { provisional } : {}) };
}

const isDay = (text: string): boolean => {
  const instant = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(text);
};

/** Departments answer in the meeting, and may confirm and publish what was said after its end. */
const underWay = ({ lifecycle: { phase } }: ConsultationState): boolean => phase !== 'prepared';

/** Until it is published, only the desk and the unit know of a response. */
const mayKnow = (actor: Actor, response: Response): boolean =>
  response.status === 'published' || can(actor, 'response.record', { unit: response.unit });

export type Responses = Readonly<Record<string, Response>>;

export function evolveResponses(responses: Responses, event: Recorded<ResponseEvent>): Responses {
  switch (event.type) {
    case 'response.recorded': {
      const { id, opinion, unit, answer } = event.data;
      const recordedAt = entryOf(responses, id)?.recordedAt ?? event.at;
      return {
        ...responses,
        [id]: { id, opinion, unit, status: 'recorded', current: answer, recordedAt, earlier: [] },
      };
    }
    case 'response.confirmed':
      return withResponse(responses, event.data.response, (response) => ({
        ...response,
        status: 'confirmed',
      }));
    case 'response.published': {
      const { response: id, opinion, unit, answer, recordedAt } = event.data;
      const response = {
        id,
        opinion,
        unit,
        current: answer,
        recordedAt,
        earlier: [],
        publishedAt: event.at,
      };
      return { ...responses, [id]: { ...response, status: 'published' } };
    }
    case 'response.corrected':
      return withResponse(responses, event.data.response, (response) => ({
        ...response,
        current: event.data.answer,
        earlier: [
          ...response.earlier,
          { ...response.current, until: event.at, why: event.data.why },
        ],
      }));
    case 'response.questioned': {
      const question = { text: event.data.text, by: event.data.name, at: event.at };
      return withResponse(responses, event.data.response, (response) => ({
        ...response,
        question,
      }));
    }
    case 'response.answered': {
      const questionAnswer = { text: event.data.text, at: event.at };
      return withResponse(responses, event.data.response, (response) => ({
        ...response,
        questionAnswer,
      }));
    }
  }
}

function withResponse(
  responses: Responses,
  id: string,
  change: (response: Response) => Response,
): Responses {
  const known = entryOf(responses, id);
  return known ? { ...responses, [id]: change(known) } : responses;
}
