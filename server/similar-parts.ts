import { pointersAmong, rootsOf } from '../shared/board/merging.ts';
import { cardsOf, cardText, readCard } from '../shared/board/schema.ts';
import type { RecordedConsultationEvent } from '../shared/consultation/index.ts';
import type { Boards } from './board/boards.ts';
import { streamOf } from './log/record.ts';
import type { LogStore } from './log/store.ts';
import type { SimilarParts } from './similar/similar.ts';

const consultations = streamOf('');

export interface SimilarSources {
  readonly store: Pick<LogStore, 'heads' | 'read'>;
  readonly boards: Pick<Boards, 'read'>;
  readonly onFault: (fault: unknown) => void;
}

/** Where similar opinions are looked for: the record's streams of consultations, and the boards. */
export function similarParts({ store, boards, onFault }: SimilarSources): SimilarParts {
  return {
    onFault,
    record: {
      async heads(after, limit) {
        const heads = await store.heads(streamOf(after), limit);
        return heads
          .filter(({ stream }) => stream.startsWith(consultations))
          .map(({ stream, seq }) => ({ consultation: stream.slice(consultations.length), seq }));
      },
      async read(id, after, limit, types) {
        const events = await store.read(streamOf(id), after, limit, types);
        return events as RecordedConsultationEvent[];
      },
    },
    drafts: (consultation, isTabled) =>
      boards.read(consultation, (doc) => {
        const heads = [...cardsOf(doc).keys()].flatMap((card) => readCard(doc, card) ?? []);
        const cards = new Set(heads.map(({ id }) => id).filter((id) => !isTabled(id)));
        const rootByCard = rootsOf(pointersAmong(heads, (id) => cards.has(id)));
        return heads
          .filter(({ id }) => cards.has(id))
          .map(({ id, author, onBehalfOf, createdAt }) => {
            const root = rootByCard.get(id);
            const text = cardText(doc, id);
            const draft = { card: id, author: onBehalfOf ?? author, text, createdAt };
            return root === undefined ? draft : { ...draft, root };
          });
      }),
  };
}
