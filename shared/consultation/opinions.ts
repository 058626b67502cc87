import { Type, type Static } from 'typebox';
import { can } from '../policy/can.ts';
import type { Picture } from '../pictures.ts';
import { refuse } from '../refusal.ts';
import type { Actor, Circumstances, Decision, DraftPart, EventOf, Recorded } from './decision.ts';
import { entryOf } from './entry.ts';
import { isAnswered, release, withoutDoubles } from './merged-opinions.ts';
import {
  evolveMerging,
  leftBehind,
  merge,
  mergingCommands,
  split,
  type MergingEvent,
} from './merging.ts';
import { MAX_OPINION_CHARS } from './opinion-text.ts';
import { creditOf, type Credit, type Site } from './people.ts';
import { confirm, recordFor, recordingCommands, type TakenDown } from './recording.ts';
import type { ConsultationState } from './state.ts';
import { unitsOf } from './attendance.ts';

export { MAX_OPINION_CHARS };
/** So many drafts can be tabled as one opinion: one event holds all their texts. */
export const MAX_MERGED_DRAFTS = 30;

/** An opinion of the record: its text is fixed, its number is its own for ever. */
export interface Opinion {
  readonly id: string;
  /** 1, 2, 3 … within the consultation, in order of tabling. */
  readonly no: number;
  readonly text: string;
  readonly authors: readonly Credit[];
  /** Those that were on the card when it was tabled. */
  readonly pictures?: readonly Picture[];
  /** The board's card that it was; absent for what came by QR code. */
  readonly card?: string;
  /** Drafts that were merged into it and tabled with it: each wording as its authors left it. */
  readonly merged?: readonly MergedDraft[];
  /** The main opinion, while it is merged into one. */
  readonly mergedInto?: string;
  /** The opinion with which it came along into the main one. */
  readonly mergedVia?: string;
  readonly source: 'room' | 'public';
  /** 代录: the desk wrote it down for its author. */
  readonly recorded?: TakenDown;
  readonly site?: Site;
  readonly submission?: string;
  readonly tabledAt: number;
  readonly revisions: readonly { readonly text: string; readonly until: number }[];
  readonly assigned?: {
    readonly lead: string;
    readonly assist: readonly string[];
    readonly at: number;
  };
  /** 退回: the lead unit asks that another should have it, and the desk has not decided yet. Told to both alone. */
  readonly handedBack?: { readonly unit: string; readonly reason: string; readonly at: number };
  /** Units that have handed it back: none does so twice. */
  readonly handedBackBy?: readonly string[];
  /** May the public read it? */
  readonly published: boolean;
  readonly withdrawn?: { readonly reason?: string };
  /** Those whose support this reader was told of; the totals come as counts. */
  readonly supporters: Readonly<Record<string, 'member' | 'public'>>;
}

export interface MergedDraft {
  readonly card: string;
  readonly text: string;
  readonly authors: readonly Credit[];
}

/** What the public is told of an opinion when it is released. */
export type ReleasedOpinion = Pick<
  Opinion,
  | 'id'
  | 'no'
  | 'text'
  | 'authors'
  | 'pictures'
  | 'source'
  | 'tabledAt'
  | 'merged'
  | 'mergedInto'
  | 'mergedVia'
  | 'recorded'
>;

export type OpinionEvent =
  | MergingEvent
  | EventOf<
      'opinion.tabled',
      Pick<Opinion, 'id' | 'no' | 'text' | 'authors' | 'pictures' | 'merged' | 'source'> & {
        readonly card?: string;
        readonly site?: Site;
        readonly recorded?: TakenDown;
      }
    >
  | EventOf<'opinion.confirmed', { readonly opinion: string; readonly published: boolean }>
  | EventOf<
      'opinion.revised',
      {
        readonly opinion: string;
        readonly text: string;
        readonly reason?: string;
        readonly published: boolean;
      }
    >
  | EventOf<
      'opinion.withdrawn',
      { readonly opinion: string; readonly reason?: string; readonly published: boolean }
    >
  | EventOf<
      'opinion.assigned',
      { readonly opinion: string; readonly lead: string; readonly assist: readonly string[] }
    >
  | EventOf<
      'opinion.handedBack',
      { readonly opinion: string; readonly unit: string; readonly reason: string }
    >
  | EventOf<'opinion.published', { readonly opinion: ReleasedOpinion }>
  | EventOf<
      'opinion.supported',
      { readonly opinion: string; readonly as: 'member' | 'public'; readonly on: boolean }
    >;

const IdSchema = Type.String({ minLength: 1, maxLength: 100 });
const UnitSchema = Type.String({ minLength: 1, maxLength: 80 });

export const opinionCommands = /* @__PURE__ */ (() => ({
  'opinion.table': Type.Object({
    card: IdSchema,
    /** Hex SHA-256 of the text that the person looked at, merged ones included; refused when it has changed since. */
    textHash: Type.Optional(Type.String({ maxLength: 64 })),
  }),
  'opinion.revise': Type.Object({
    opinion: IdSchema,
    text: Type.String({ minLength: 1, maxLength: MAX_OPINION_CHARS }),
    reason: Type.Optional(Type.String({ maxLength: 200 })),
  }),
  'opinion.withdraw': Type.Object({
    opinion: IdSchema,
    reason: Type.Optional(Type.String({ maxLength: 200 })),
  }),
  /** 主办 and 会办, by the unit's name or the id of one of its people. */
  'opinion.assign': Type.Object({
    opinion: IdSchema,
    lead: UnitSchema,
    assist: Type.Optional(Type.Array(UnitSchema, { maxItems: 20 })),
  }),
  /** The lead unit, once: the desk gives it to another, or to the same unit for good. */
  'opinion.handBack': Type.Object({
    opinion: IdSchema,
    reason: Type.String({ minLength: 1, maxLength: 200 }),
  }),
  'opinion.publish': Type.Object({ opinion: IdSchema }),
  'opinion.support': Type.Object({ opinion: IdSchema, on: Type.Boolean() }),
  ...mergingCommands,
  ...recordingCommands,
}))();
export type OpinionCommand = {
  [Name in keyof typeof opinionCommands]: {
    type: Name;
    data: Static<(typeof opinionCommands)[Name]>;
  };
}[keyof typeof opinionCommands];

export function decideOpinions(
  state: ConsultationState,
  command: OpinionCommand,
  actor: Actor,
  circumstances: Circumstances,
): Decision<OpinionEvent> {
  if (command.type === 'opinion.table')
    return table(state, command.data.textHash, actor, circumstances);
  if (command.type === 'opinion.record')
    return recordFor(state, command.data, actor, circumstances);
  const opinion = entryOf(state.opinions, command.data.opinion);
  // whoever may not read an opinion is not told that it exists
  if (!opinion || (actor.role === 'public' && !opinion.published))
    return refuse('not_found', 'opinion');
  const owners = opinion.authors.map(({ person }) => person);
  const lead = opinion.assigned ? { unit: opinion.assigned.lead } : {};
  if (!can(actor, command.type, { owners, ...lead })) return refuse('forbidden');
  if (opinion.withdrawn) return refuse('conflict', 'opinion');
  switch (command.type) {
    case 'opinion.revise':
      if (isAnswered(state, opinion)) return refuse('conflict', 'opinion');
      return revise(opinion, command.data);
    case 'opinion.withdraw':
      if (isAnswered(state, opinion)) return refuse('conflict', 'opinion');
      return [
        ...leftBehind(state.opinions, opinion),
        { type: 'opinion.withdrawn', data: { ...command.data, published: opinion.published } },
      ];
    case 'opinion.merge':
      return merge(state, opinion, command.data.into);
    case 'opinion.split':
      return split(state, opinion);
    case 'opinion.confirm':
      return confirm(opinion);
    case 'opinion.assign':
      if (opinion.mergedInto !== undefined) return refuse('merged', 'opinion');
      return assign(state, opinion, command.data);
    case 'opinion.handBack':
      if (opinion.mergedInto !== undefined) return refuse('merged', 'opinion');
      if (isAnswered(state, opinion)) return refuse('conflict', 'opinion');
      return handBack(opinion, command.data.reason);
    case 'opinion.publish':
      return opinion.published ? refuse('already') : release(state.opinions, opinion);
    case 'opinion.support': {
      const as = actor.role === 'public' ? 'public' : 'member';
      if (owners.includes(actor.person)) return refuse('forbidden');
      if ((opinion.supporters[actor.person] !== undefined) === command.data.on)
        return refuse('already');
      return [
        { type: 'opinion.supported', data: { opinion: opinion.id, as, on: command.data.on } },
      ];
    }
  }
}

function table(
  { lifecycle, roster, opinions }: ConsultationState,
  textHash: string | undefined,
  actor: Actor,
  { draft, commandId }: Circumstances,
): Decision<OpinionEvent> {
  if (!draft) return can(actor, 'board.read') ? refuse('not_found', 'card') : refuse('forbidden');
  const author = draft.onBehalfOf ?? draft.author;
  if (!can(actor, 'opinion.table', { owners: [author, draft.author] })) return refuse('forbidden');
  if (lifecycle.phase !== 'open') return refuse('not_open');
  if (isTabled(opinions, draft.card)) return refuse('already_tabled');
  if (draft.into !== undefined) return refuse('merged', 'card');
  const text = draft.text.trim();
  if (text === '') return refuse('empty_text');
  if (text.length > MAX_OPINION_CHARS) return refuse('too_large', 'text');
  if (textHash !== undefined && textHash !== draft.textHash) return refuse('text_changed');
  const merged = (draft.merged ?? []).map((part) => mergedDraft(roster, part));
  if (merged.length > MAX_MERGED_DRAFTS) return refuse('too_large', 'merged');
  if (merged.some((each) => each.text.length > MAX_OPINION_CHARS))
    return refuse('too_large', 'text');
  const own = creditsFor(roster, draft);
  const authors = withoutDoubles([...own, ...merged.flatMap((each) => each.authors)]);
  const site = entryOf(roster, author)?.site;
  const no = nextNumber(opinions);
  return [
    {
      type: 'opinion.tabled',
      data: {
        id: commandId,
        no,
        text,
        authors,
        source: 'room',
        card: draft.card,
        ...(draft.pictures ? { pictures: draft.pictures } : {}),
        ...(site ? { site } : {}),
        ...(merged.length > 0 ? { merged } : {}),
      },
    },
  ];
}

function creditsFor(
  roster: ConsultationState['roster'],
  { author, onBehalfOf }: DraftPart,
): Credit[] {
  const person = entryOf(roster, onBehalfOf ?? author);
  return person ? [creditOf(person)] : [];
}

const mergedDraft = (roster: ConsultationState['roster'], part: DraftPart): MergedDraft => ({
  card: part.card,
  text: part.text.trim(),
  authors: creditsFor(roster, part),
});

/** Has the card become an opinion, or part of one? */
export const isTabled = (opinions: Opinions, card: string): boolean =>
  Object.values(opinions).some(
    (opinion) => opinion.card === card || opinion.merged?.some((each) => each.card === card),
  );

function assign(
  { roster }: ConsultationState,
  opinion: Opinion,
  data: { lead: string; assist?: string[] },
): Decision<OpinionEvent> {
  const units = unitsOf(roster);
  const unitNamed = (key: string): string | undefined =>
    units.find((unit) => unit === key) ?? units.find((unit) => unit === entryOf(roster, key)?.unit);
  const lead = unitNamed(data.lead);
  if (lead === undefined) return refuse('not_found', 'lead');
  const assist: string[] = [];
  for (const key of data.assist ?? []) {
    const unit = unitNamed(key);
    if (unit === undefined) return refuse('not_found', 'assist');
    if (unit !== lead && !assist.includes(unit)) assist.push(unit);
  }
  const { assigned, handedBack } = opinion;
  // given again to the unit that handed it back, it is that unit's for good
  if (!handedBack && assigned?.lead === lead && assigned.assist.join() === assist.join())
    return refuse('already');
  return [{ type: 'opinion.assigned', data: { opinion: opinion.id, lead, assist } }];
}

function handBack({ id, assigned, handedBackBy }: Opinion, given: string): Decision<OpinionEvent> {
  const reason = given.trim();
  if (reason === '') return refuse('reason_needed', 'reason');
  if (!assigned || handedBackBy?.includes(assigned.lead)) return refuse('already');
  const data = { opinion: id, unit: assigned.lead, reason };
  return [{ type: 'opinion.handedBack', data }];
}

function revise(
  opinion: Opinion,
  data: { opinion: string; text: string; reason?: string },
): Decision<OpinionEvent> {
  const text = data.text.trim();
  if (text === '') return refuse('empty_text', 'text');
  if (text === opinion.text) return refuse('already');
  return [{ type: 'opinion.revised', data: { ...data, text, published: opinion.published } }];
}

export const nextNumber = (opinions: Readonly<Record<string, Opinion>>): number =>
  Object.values(opinions).reduce((highest, { no }) => Math.max(highest, no), 0) + 1;

export type Opinions = Readonly<Record<string, Opinion>>;

export function evolveOpinions(opinions: Opinions, event: Recorded<OpinionEvent>): Opinions {
  switch (event.type) {
    case 'opinion.tabled': {
      const opinion = {
        ...event.data,
        tabledAt: event.at,
        revisions: [],
        published: false,
        supporters: {},
      };
      return { ...opinions, [opinion.id]: opinion };
    }
    case 'opinion.published': {
      const known = entryOf(opinions, event.data.opinion.id);
      const opinion = {
        revisions: [],
        supporters: {},
        ...known,
        ...event.data.opinion,
        // what is released names nobody of the desk; the room keeps what it knows
        ...(known?.recorded && { recorded: known.recorded }),
        published: true,
      };
      return { ...opinions, [opinion.id]: opinion };
    }
    case 'opinion.confirmed':
      return withOpinion(opinions, event.data.opinion, ({ recorded, ...opinion }) =>
        recorded
          ? { ...opinion, recorded: { ...recorded, confirmedBy: event.actor.name } }
          : opinion,
      );
    case 'opinion.revised':
      return withOpinion(opinions, event.data.opinion, (opinion) => ({
        ...opinion,
        text: event.data.text,
        revisions: [...opinion.revisions, { text: opinion.text, until: event.at }],
      }));
    case 'opinion.withdrawn': {
      const { reason } = event.data;
      return withOpinion(opinions, event.data.opinion, (opinion) => ({
        ...opinion,
        withdrawn: reason === undefined ? {} : { reason },
      }));
    }
    case 'opinion.assigned': {
      const { lead, assist } = event.data;
      const assigned = { lead, assist, at: event.at };
      return withOpinion(opinions, event.data.opinion, ({ handedBack: _past, ...opinion }) => ({
        ...opinion,
        assigned,
      }));
    }
    case 'opinion.handedBack': {
      const { unit, reason } = event.data;
      return withOpinion(opinions, event.data.opinion, (opinion) => ({
        ...opinion,
        handedBack: { unit, reason, at: event.at },
        handedBackBy: [...(opinion.handedBackBy ?? []), unit],
      }));
    }
    case 'opinion.merged':
    case 'opinion.split':
      return withOpinion(opinions, event.data.opinion, (opinion) => evolveMerging(opinion, event));
    case 'opinion.supported':
      return withOpinion(opinions, event.data.opinion, (opinion) => {
        const { [event.actor.person]: _was, ...others } = opinion.supporters;
        const supporters = event.data.on
          ? { ...others, [event.actor.person]: event.data.as }
          : others;
        return { ...opinion, supporters };
      });
  }
}

function withOpinion(
  opinions: Opinions,
  id: string,
  change: (opinion: Opinion) => Opinion,
): Opinions {
  const known = entryOf(opinions, id);
  return known ? { ...opinions, [id]: change(known) } : opinions;
}

/** Support by members, and by the public; never added up. */
export interface Tally {
  readonly members: number;
  readonly public: number;
}

export function tallyOf({ supporters }: Opinion): Tally {
  const all = Object.values(supporters);
  const members = all.filter((as) => as === 'member').length;
  return { members, public: all.length - members };
}

/** Is it anyone's to answer? What was handed back waits for the desk. */
export const isAssigned = ({ assigned, handedBack }: Opinion): boolean =>
  assigned !== undefined && !handedBack;
