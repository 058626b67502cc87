import { Type, type Static } from 'typebox';

/** Bodies and answers of the board's history over HTTP. */
const PersonSchema = Type.String({ description: 'An id of the roster' });
const AtSchema = Type.Integer({ description: 'Milliseconds since 1970 by the server’s clock' });

export const AuthoredTextSchema = Type.Object({
  text: Type.String(),
  person: PersonSchema,
  at: AtSchema,
  by: Type.Optional(
    Type.String({ description: 'Who brought it back after it had been deleted, if another did' }),
  ),
});

/** What the record tells of an opinion that was a card. */
export const RecordStepSchema = Type.Object({
  kind: Type.Union([Type.Literal('tabled'), Type.Literal('revised'), Type.Literal('withdrawn')]),
  person: PersonSchema,
  name: Type.String(),
  at: AtSchema,
  text: Type.Optional(Type.String()),
  reason: Type.Optional(Type.String()),
});
export type RecordStep = Static<typeof RecordStepSchema>;

export const CardAuthorsSchema = Type.Object({
  /** The draft's text, in its order, cut where the author or the time changes. */
  runs: Type.Array(AuthoredTextSchema),
  record: Type.Array(RecordStepSchema),
  names: Type.Record(Type.String(), Type.String(), {
    description: 'Of the authors by their ids: of those, too, who are no longer on the roster',
  }),
});
export type CardAuthors = Static<typeof CardAuthorsSchema>;

export const RestoreSchema = Type.Object({
  card: Type.String({ minLength: 1, maxLength: 100 }),
  seq: Type.Integer({
    minimum: 1,
    description: 'The number of the board’s sequence at which the card was as it is to be',
  }),
});
export const RestoredSchema = Type.Object({
  ok: Type.Literal(true),
  /** False: it was so already. */
  changed: Type.Boolean(),
});
export type RestoredCard = Static<typeof RestoredSchema>;
