import type { ConsultationState } from '../../shared/consultation/index.ts';
import { mainOf } from '../../shared/consultation/merged-opinions.ts';
import type { Opinion } from '../../shared/consultation/opinions.ts';
import type { Response } from '../../shared/consultation/responses.ts';
import type { Submission } from '../../shared/consultation/submissions.ts';

/** What became of a submission: 收到 → 采用 or 未采用 → 并入 → 答复. */
export interface Journey {
  readonly review: 'waiting' | 'accepted' | 'declined';
  readonly opinion?: Opinion;
  /** The one that it was merged into, and is answered with. */
  readonly main?: Opinion;
  readonly responses: readonly Response[];
}

export function journeyOf(
  { opinions, responses }: ConsultationState,
  { status, opinion: id }: Submission,
): Journey {
  if (status !== 'accepted') {
    return { review: status === 'declined' ? 'declined' : 'waiting', responses: [] };
  }
  const opinion = id === undefined ? undefined : opinions[id];
  if (!opinion) return { review: 'accepted', responses: [] };
  const main = mainOf(opinions, opinion);
  const published = Object.values(responses).filter(
    (response) => response.status === 'published' && response.opinion === main.id,
  );
  const merged = main === opinion ? {} : { main };
  return { review: 'accepted', responses: published, opinion, ...merged };
}

/** The reader's own, the newest first. */
export const mySubmissions = ({ submissions }: ConsultationState, person: string): Submission[] =>
  Object.values(submissions)
    .filter(({ guest }) => guest === person)
    .sort((a, b) => b.at - a.at);
