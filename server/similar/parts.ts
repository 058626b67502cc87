import type {
  ConsultationState,
  RecordedConsultationEvent,
} from '../../shared/consultation/index.ts';

/** What finding similar opinions needs of the rest of the server; app.ts hands it over. */
export interface SimilarParts {
  readonly record: ReleasedRecord;
  /** The cards of a board that are not tabled, as they are on disk. */
  readonly drafts: (
    consultation: string,
    isTabled: (card: string) => boolean,
  ) => Promise<readonly DraftCard[]>;
  readonly onFault: (fault: unknown) => void;
  readonly now?: () => number;
}

/** The record, as far as what was released is read from it. */
export interface ReleasedRecord {
  /** So many consultations after one, by id, and how far each has come. */
  heads(after: string, limit: number): Promise<readonly Head[]>;
  /** Events of these types after a sequence, at most `limit`. */
  read(
    consultation: string,
    after: number,
    limit: number,
    types?: readonly string[],
  ): Promise<readonly RecordedConsultationEvent[]>;
}

export interface Head {
  readonly consultation: string;
  readonly seq: number;
}

export interface DraftCard {
  readonly card: string;
  /** The card that carries it, if it is merged into one. */
  readonly root?: string;
  readonly author: string;
  readonly text: string;
  readonly createdAt: number;
}

export interface LiveConsultation {
  readonly state: ConsultationState;
}
