import type { ConsultationState } from '../../shared/consultation/index.ts';
import type { Opinion } from '../../shared/consultation/opinions.ts';
import type { Response } from '../../shared/consultation/responses.ts';

export interface Published {
  readonly opinion: Opinion;
  readonly responses: readonly Response[];
}

const isPublished = ({ status }: Response): boolean => status === 'published';

/** What everyone may read, the newest first; whoever else opens this page sees no more here. */
export function publishedOpinions({ opinions, responses }: ConsultationState): Published[] {
  const answers = Object.values(responses).filter(isPublished);
  return Object.values(opinions)
    .filter(({ published }) => published)
    .sort((a, b) => b.no - a.no)
    .map((opinion) => ({
      opinion,
      responses: answers.filter((answer) => answer.opinion === opinion.id),
    }));
}

/** `姓名 · 单位 · 职务`, without what is not known. */
export const creditLine = ({ authors }: Opinion): string =>
  authors
    .map(({ name, unit, title }) => [name, unit, title].filter(Boolean).join(' · '))
    .join('、');
