import type { ConsultationState } from '../../shared/consultation/index.ts';
import { creditsOf, mergedWith } from '../../shared/consultation/merged-opinions.ts';
import type { Opinion } from '../../shared/consultation/opinions.ts';
import { creditLine } from '../../shared/consultation/people.ts';
import type { Response } from '../../shared/consultation/responses.ts';

export interface Published {
  readonly opinion: Opinion;
  /** Those merged into it. */
  readonly merged: readonly Opinion[];
  /** Its authors and theirs. */
  readonly credit: string;
  readonly responses: readonly Response[];
}

const isPublished = ({ status }: Response): boolean => status === 'published';

/** What everyone may read, the newest first; whoever else opens this page sees no more here. */
export function publishedOpinions({ opinions, responses }: ConsultationState): Published[] {
  const answers = Object.values(responses).filter(isPublished);
  return Object.values(opinions)
    .filter(({ published, mergedInto }) => published && mergedInto === undefined)
    .sort((a, b) => b.no - a.no)
    .map((opinion) => ({
      opinion,
      merged: mergedWith(opinions, opinion),
      credit: creditLine(creditsOf(opinions, opinion)),
      responses: answers.filter((answer) => answer.opinion === opinion.id),
    }));
}
