import type { CommandData } from '../../shared/consultation/index.ts';
import {
  stances,
  type Commitment,
  type Response,
  type Stance,
} from '../../shared/consultation/responses.ts';
import { isRecord, keep, readKept } from '../board/device-storage.ts';
import { DEFAULT_DAYS, type DayKind } from './due-preview.ts';

export interface CommitmentRow {
  what: string;
  officer: string;
  days: number;
  dayKind: DayKind;
  /** A day named outright; wins over the count of days. */
  due?: string;
}

interface Written {
  text: string;
  stance: Stance;
  reason: string;
  commitments: CommitmentRow[];
}

/**
 * A response while it is being written. Everything typed is kept on this device until the server has acknowledged it:
 * neither a reload nor a refusal loses a word.
 */
export class ResponseDraft {
  text = $state('');
  stance = $state<Stance>('adopt');
  reason = $state('');
  commitments = $state<CommitmentRow[]>([]);
  readonly #key: string;
  readonly #storage: Storage | undefined;
  readonly #officer: string;

  constructor(
    key: string,
    storage: Storage | undefined,
    from: { readonly officer: string; readonly response?: Response },
  ) {
    this.#key = key;
    this.#storage = storage;
    this.#officer = from.officer;
    const written =
      readKept(storage, key, asWritten) ?? (from.response && writtenIn(from.response));
    if (written) Object.assign(this, written);
    else this.commitments.push(this.#blank());
  }

  /** The first thing that is missing, as the field's name; undefined when it can be sent. */
  get missing(): string | undefined {
    if (this.text.trim() === '') return 'text';
    if (this.stance === 'decline' && this.reason.trim() === '') return 'reason';
    for (const [index, row] of this.commitments.entries()) {
      if (isBlank(row)) continue;
      if (row.officer.trim() === '') return `commitments.${index}.officer`;
      if (row.due === undefined && !Number.isInteger(row.days)) return `commitments.${index}.days`;
    }
    return undefined;
  }

  addCommitment(): void {
    this.commitments.push(this.#blank());
    this.keep();
  }

  #blank(): CommitmentRow {
    return { what: '', officer: this.#officer, days: DEFAULT_DAYS, dayKind: 'working' };
  }

  removeCommitment(index: number): void {
    this.commitments.splice(index, 1);
    this.keep();
  }

  answer(): Pick<CommandData<'response.record'>, 'text' | 'stance' | 'reason' | 'commitments'> {
    const reason = this.reason.trim();
    const answer = {
      text: this.text.trim(),
      stance: this.stance,
      commitments: this.commitments
        .filter((row) => !isBlank(row))
        .map(({ what, officer, days, dayKind, due }) => {
          const promised = { what: what.trim(), officer: officer.trim() };
          return due === undefined ? { ...promised, days, dayKind } : { ...promised, due };
        }),
    };
    return reason === '' ? answer : { ...answer, reason };
  }

  /** Called after every change. */
  keep(): void {
    const { text, stance, reason, commitments } = this;
    keep(this.#storage, this.#key, { text, stance, reason, commitments });
  }

  /** The server has it: nothing needs to be kept here any more. */
  forget(): void {
    this.#storage?.removeItem(this.#key);
  }
}

export const draftKey = (consultation: string, person: string, opinion: string): string =>
  `response-draft/${consultation}/${person}/${opinion}`;

/** A row in which nothing is promised is no commitment: it stands there ready, and is not sent. */
const isBlank = ({ what }: CommitmentRow): boolean => what.trim() === '';

const asText = (value: unknown): string => (typeof value === 'string' ? value : '');

function asWritten(value: unknown): Written | undefined {
  if (!isRecord(value)) return undefined;
  const { text, stance, reason, commitments } = value;
  return {
    text: asText(text),
    stance: stances.find((each) => each === stance) ?? 'adopt',
    reason: asText(reason),
    commitments: Array.isArray(commitments) ? commitments.filter(isRecord).map(asRow) : [],
  };
}

function asRow({
  what,
  officer,
  days,
  dayKind,
  due,
}: Readonly<Record<string, unknown>>): CommitmentRow {
  const row: CommitmentRow = {
    what: asText(what),
    officer: asText(officer),
    days: typeof days === 'number' ? days : DEFAULT_DAYS,
    dayKind: dayKind === 'calendar' ? 'calendar' : 'working',
  };
  return typeof due === 'string' ? { ...row, due } : row;
}

function writtenIn({ current: { text, stance, reason, commitments } }: Response): Written {
  return { text, stance, reason: reason ?? '', commitments: commitments.map(rowOf) };
}

function rowOf({ what, officer, days, dayKind, due }: Commitment): CommitmentRow {
  const counted = {
    what,
    officer,
    days: days ?? DEFAULT_DAYS,
    dayKind: dayKind ?? ('working' as const),
  };
  return days === undefined ? { ...counted, due } : counted;
}
