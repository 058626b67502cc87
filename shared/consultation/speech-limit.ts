import type { Role } from '../policy/roles.ts';
import type { SpeechKind } from './speech.ts';
import type { Stage } from './stage.ts';

const minutesByKind: Record<SpeechKind, number> = { speech: 6, remote: 5, question: 1, reply: 2 };

/** How long a speech of that kind may be in that stage. */
export const minutesFor = (stage: Stage | undefined, kind: SpeechKind): number =>
  (kind === mainKind(stage) ? stage?.speechMinutes : undefined) ?? minutesByKind[kind];

/** The kind of speech that a stage is there for, whose length the agenda may say. */
function mainKind(stage: Stage | undefined): SpeechKind {
  switch (stage?.kind) {
    case 'questions':
      return 'question';
    case 'responses':
      return 'reply';
    case 'remote':
      return 'remote';
    default:
      return 'speech';
  }
}

/** What a raised hand means in the stage that runs: in the questions departments reply, in the responses members ask. */
export function kindFor(stage: Stage | undefined, role: Role | undefined): SpeechKind {
  switch (stage?.kind) {
    case 'questions':
    case 'responses':
      return role === 'department' ? 'reply' : 'question';
    case 'remote':
      return 'remote';
    default:
      return 'speech';
  }
}
