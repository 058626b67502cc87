import { Type, type Static } from 'typebox';
import type { Personal } from '../log/envelope.ts';
import { can } from '../policy/can.ts';
import { refuse } from '../refusal.ts';
import type { Actor, Circumstances, Decision, EventOf, Recorded } from './decision.ts';
import { entryOf } from './entry.ts';
import { MAX_OPINION_CHARS, nextNumber, type Opinion, type Opinions } from './opinions.ts';
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
}

export type SubmissionEvent =
  | (EventOf<
      'submission.sent',
      { readonly id: string; readonly receipt: string; readonly guest: string }
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
      'submission.declined',
      { readonly submission: string; readonly guest: string; readonly reason: string }
    >;

const IdSchema = Type.String({ minLength: 1, maxLength: 100 });

export const submissionCommands = {
  'submission.send': Type.Object({
    text: Type.String({ minLength: 1, maxLength: MAX_OPINION_CHARS }),
    consent: Type.Boolean(),
  }),
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
  if (!can(actor, command.type)) return refuse('forbidden');
  if (command.type === 'submission.send') {
    const text = command.data.text.trim();
    if (!takesSubmissions(state)) return refuse('not_open');
    if (!command.data.consent) return refuse('consent_needed', 'consent');
    if (text === '') return refuse('empty_text', 'text');
    if (traysFull(state.submissions, actor.person)) return refuse('too_many');
    const data = { id: commandId, receipt: receipt ?? commandId, guest: actor.person };
    return [{ type: 'submission.sent', data, personal: { subject: actor.person, text } }];
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
    credit: '扫码群众',
  };
  return [{ type: 'submission.accepted', data, personal: { subject: guest, text } }];
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
      const { id, receipt, guest } = event.data;
      const written = event.personal ? { text: event.personal.text } : {};
      return {
        ...submissions,
        [id]: { id, receipt, guest, at: event.at, status: 'received', ...written },
      };
    }
    case 'submission.accepted':
      return withSubmission(submissions, event.data.submission, {
        status: 'accepted',
        opinion: event.data.opinion,
      });
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
