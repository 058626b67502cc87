import type { ConsultationState } from '../../shared/consultation/index.ts';
import type { ReleasedAnswer } from '../../shared/wire/rest.ts';

/** The newest answer to an opinion that the public was told; `undefined` while there is none. */
export function answerTo(
  { responses }: Pick<ConsultationState, 'responses'>,
  opinion: string,
): ReleasedAnswer | undefined {
  const published = Object.values(responses).filter(
    (response) => response.opinion === opinion && response.status === 'published',
  );
  const newest = published.reduce<(typeof published)[number] | undefined>(
    (best, response) => ((best?.publishedAt ?? 0) > (response.publishedAt ?? 0) ? best : response),
    undefined,
  );
  if (!newest) return undefined;
  const { unit, current, publishedAt = newest.recordedAt } = newest;
  const { stance, text, reason, commitments } = current;
  return {
    unit,
    stance,
    text,
    ...(reason === undefined ? {} : { reason }),
    commitments: commitments.map(({ what, officer, due }) => ({ what, officer, due })),
    at: publishedAt,
  };
}
