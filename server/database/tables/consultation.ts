export interface ConsultationTables {
  consultation: ConsultationTable;
  participation: ParticipationTable;
  agenda_template: AgendaTemplateTable;
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

/** Agendas that the office keeps to begin from; consultations copy them, and don't refer to them. */
export interface AgendaTemplateTable {
  id: string;
  name: string;
  /** JSON: the planned stages. */
  stages: string;
  saved_by: string;
  saved_at: number;
}
