import { Type, type Static } from 'typebox';
import type { Personal } from '../log/envelope.ts';
import { can } from '../policy/can.ts';
import { refuse } from '../refusal.ts';
import type { Actor, Circumstances, Decision, EventOf, Recorded } from './decision.ts';
import { entryOf } from './entry.ts';
import { isAnswered } from './merged-opinions.ts';
import { MAX_OPINION_CHARS, nextNumber, type Opinion, type Opinions } from './opinions.ts';
import { MeansSchema, type Means } from './recording.ts';
import type { ConsultationState } from './state.ts';

/** What a citizen sent by QR code. Nobody but the desk and its author sees it before it is accepted. */
export interface Submission {
  readonly id: string;
  /** The receipt number that its author keeps. */
  readonly receipt: string;
  readonly guest: string;
  /** Absent once erased. */
  readonly text?: string;
  readonly at: number;
  readonly status: 'received' | 'accepted' | 'declined';
  readonly reason?: string;
  readonly opinion?: string;
  /** It reached the desk by telephone, on paper or by word of mouth, and was written down there. */
  readonly means?: Means;
  /** What its author says of the answer. */
  readonly rating?: Rating;
}

/** 满意, 基本满意, 不满意. */
export const ratings = ['satisfied', 'fair', 'unsatisfied'] as const;
export type Rating = (typeof ratings)[number];

export type SubmissionEvent =
  | (EventOf<
      'submission.sent',
      {
        readonly id: string;
        readonly receipt: string;
        /** Empty for what the desk wrote down. */
        readonly guest: string;
        readonly means?: Means;
      }
    > & {
      readonly personal?: Personal;
    })
  | (EventOf<
      'submission.accepted',
      {
        readonly submission: string;
        readonly opinion: string;
        readonly no: number;
        readonly credit: string;
      }
    > & { readonly personal?: Personal })
  | EventOf<
      'submission.rated',
      { readonly submission: string; readonly guest: string; readonly rating: Rating }
    >
  | EventOf<
      'submission.declined',
      { readonly submission: string; readonly guest: string; readonly reason: string }
    >;

const IdSchema = Type.String({ minLength: 1, maxLength: 100 });

export const submissionCommands = {
  'submission.send': Type.Object({
    text: Type.String({ minLength: 1, maxLength: MAX_OPINION_CHARS }),
    consent: Type.Boolean(),
  }),
  /** By telephone, on paper, by word of mouth: its author agreed to the desk's writing it down. */
  'submission.record': Type.Object({
    text: Type.String({ minLength: 1, maxLength: MAX_OPINION_CHARS }),
    means: MeansSchema,
    consent: Type.Boolean(),
  }),
  /** Its author, once it has been answered; the last word counts. */
  'submission.rate': Type.Object({ submission: IdSchema, rating: Type.Enum([...ratings]) }),
  'submission.accept': Type.Object({ submission: IdSchema }),
  'submission.decline': Type.Object({
    submission: IdSchema,
    reason: Type.String({ maxLength: 500 }),
  }),
};
export type SubmissionCommand = {
  [Name in keyof typeof submissionCommands]: {
    type: Name;
    data: Static<(typeof submissionCommands)[Name]>;
  };
}[keyof typeof submissionCommands];

export function decideSubmissions(
  state: ConsultationState,
  command: SubmissionCommand,
  actor: Actor,
  { commandId, receipt }: Circumstances,
): Decision<SubmissionEvent> {
  if (command.type === 'submission.rate') return rate(state, command.data, actor);
  if (!can(actor, command.type)) return refuse('forbidden');
  if (command.type === 'submission.send' || command.type === 'submission.record') {
    const byDesk = command.type === 'submission.record';
    const guest = byDesk ? '' : actor.person;
    const text = command.data.text.trim();
    if (!takesSubmissions(state)) return refuse('not_open');
    if (!command.data.consent) return refuse('consent_needed', 'consent');
    if (text === '') return refuse('empty_text', 'text');
    if (!byDesk && traysFull(state.submissions, guest)) return refuse('too_many');
    const how = byDesk ? { means: command.data.means } : {};
    const data = { id: commandId, receipt: receipt ?? commandId, guest, ...how };
    // what nobody's device sent is erased by its receipt
    const subject = byDesk ? `receipt:${data.receipt}` : guest;
    return [{ type: 'submission.sent', data, personal: { subject, text } }];
  }
  const submission = entryOf(state.submissions, command.data.submission);
  if (!submission) return refuse('not_found', 'submission');
  if (submission.status !== 'received') return refuse('already', 'submission');
  const { id, guest, text } = submission;
  if (command.type === 'submission.decline') {
    const reason = command.data.reason.trim();
    if (reason === '') return refuse('reason_needed', 'reason');
    return [{ type: 'submission.declined', data: { submission: id, guest, reason } }];
  }
  if (text === undefined) return refuse('conflict', 'submission');
  const data = {
    submission: id,
    opinion: commandId,
    no: nextNumber(state.opinions),
    // nothing about a caller or a letter's writer is told but that it is a citizen
    credit: submission.means ? '群众' : '扫码群众',
  };
  const subject = guest === '' ? `receipt:${submission.receipt}` : guest;
  return [{ type: 'submission.accepted', data, personal: { subject, text } }];
}

/** Only its author says whether the answer is one, and only once there is one. */
function rate(
  state: ConsultationState,
  { submission: id, rating }: { submission: string; rating: Rating },
  actor: Actor,
): Decision<SubmissionEvent> {
  const submission = entryOf(state.submissions, id);
  const owners = submission ? [submission.guest] : [];
  if (!submission || !can(actor, 'submission.rate', { owners })) return refuse('not_found');
  const opinion = entryOf(state.opinions, submission.opinion ?? '');
  if (!opinion || !isAnswered(state, opinion)) return refuse('conflict', 'submission');
  if (submission.rating === rating) return refuse('already');
  return [{ type: 'submission.rated', data: { submission: id, guest: submission.guest, rating } }];
}

/** What may wait for review: so much that no hall fills it, so little that a script can't drown the desk. */
export const waitingLimits = { perGuest: 10, all: 2_000 } as const;

function traysFull(submissions: Submissions, guest: string): boolean {
  const waiting = Object.values(submissions).filter(({ status }) => status === 'received');
  const own = waiting.filter((submission) => submission.guest === guest);
  return own.length >= waitingLimits.perGuest || waiting.length >= waitingLimits.all;
}

/** Citizens may write while the meeting is under way, through its pauses. */
export const takesSubmissions = ({
  lifecycle: { phase },
}: Pick<ConsultationState, 'lifecycle'>): boolean => phase === 'open' || phase === 'paused';

export type Submissions = Readonly<Record<string, Submission>>;

export function evolveSubmissions(
  submissions: Submissions,
  event: Recorded<SubmissionEvent>,
): Submissions {
  switch (event.type) {
    case 'submission.sent': {
      const written = event.personal ? { text: event.personal.text } : {};
      const sent: Submission = { ...event.data, at: event.at, status: 'received', ...written };
      return { ...submissions, [sent.id]: sent };
    }
    case 'submission.accepted':
      return withSubmission(submissions, event.data.submission, {
        status: 'accepted',
        opinion: event.data.opinion,
      });
    case 'submission.rated':
      return withSubmission(submissions, event.data.submission, { rating: event.data.rating });
    case 'submission.declined':
      return withSubmission(submissions, event.data.submission, {
        status: 'declined',
        reason: event.data.reason,
      });
  }
}

function withSubmission(
  submissions: Submissions,
  id: string,
  change: Partial<Submission>,
): Submissions {
  const known = entryOf(submissions, id);
  return known ? { ...submissions, [id]: { ...known, ...change } } : submissions;
}

/** An accepted submission becomes an opinion that everyone may read at once. */
export function evolveAcceptedOpinions(
  opinions: Opinions,
  event: Recorded<Extract<SubmissionEvent, { type: 'submission.accepted' }>>,
): Opinions {
  const { opinion: id, no, credit, submission } = event.data;
  const opinion: Opinion = {
    id,
    no,
    text: event.personal?.text ?? '',
    authors: [{ person: '', name: credit, unit: '', title: '' }],
    source: 'public',
    submission,
    tabledAt: event.at,
    revisions: [],
    published: true,
    supporters: {},
  };
  return { ...opinions, [id]: opinion };
}
