export interface ConsultationTables {
  consultation: ConsultationTable;
  participation: ParticipationTable;
}

/** A projection of each consultation's record, for lists and doors. */
export interface ConsultationTable {
  id: string;
  /** The public code, `/j/:code`. */
  code: string;
  /** The big screen's key; it opens nothing but what is public anyway. */
  screen_key: string;
  title: string;
  host: string;
  phase: string;
  starts_at: number;
  sample: number;
  created_at: number;
}

/** Who has a part in which consultation, as its roster says now. */
export interface ParticipationTable {
  person: string;
  consultation: string;
  role: string;
}
