import type { Commitment, Response, Stance } from '../../shared/consultation/responses.ts';
import type { CommandData } from '../../shared/consultation/index.ts';
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

type Kept = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/**
 * A response while it is being written. Everything typed is kept on this device until the server has acknowledged it:
 * neither a reload nor a refusal loses a word.
 */
export class ResponseDraft {
  text = $state('');
  stance = $state<Stance>('adopt');
  reason = $state('');
  commitments = $state<CommitmentRow[]>([]);
  readonly #officer: string;

  constructor(
    readonly key: string,
    readonly storage: Kept | undefined,
    from: { readonly officer: string; readonly response?: Response },
  ) {
    this.#officer = from.officer;
    const written = read(storage, key) ?? (from.response && writtenIn(from.response));
    if (written) Object.assign(this, written);
  }

  get empty(): boolean {
    return this.text.trim() === '' && this.reason.trim() === '' && this.commitments.length === 0;
  }

  /** The first thing that is missing, as the field's name; undefined when it can be sent. */
  get missing(): string | undefined {
    if (this.text.trim() === '') return 'text';
    if (this.stance === 'decline' && this.reason.trim() === '') return 'reason';
    for (const [index, row] of this.commitments.entries()) {
      if (row.what.trim() === '') return `commitments.${index}.what`;
      if (row.officer.trim() === '') return `commitments.${index}.officer`;
      if (row.due === undefined && !Number.isInteger(row.days)) return `commitments.${index}.days`;
    }
    return undefined;
  }

  addCommitment(): void {
    this.commitments.push({
      what: '',
      officer: this.#officer,
      days: DEFAULT_DAYS,
      dayKind: 'working',
    });
    this.keep();
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
      commitments: this.commitments.map(({ what, officer, days, dayKind, due }) => {
        const promised = { what: what.trim(), officer: officer.trim() };
        return due === undefined ? { ...promised, days, dayKind } : { ...promised, due };
      }),
    };
    return reason === '' ? answer : { ...answer, reason };
  }

  /** Called after every change. A full or forbidden storage costs only the safety net, not the form. */
  keep(): void {
    const { text, stance, reason, commitments } = this;
    try {
      this.storage?.setItem(this.key, JSON.stringify({ text, stance, reason, commitments }));
    } catch {
      // private windows and full disks refuse; what is typed is still on the screen
    }
  }

  /** The server has it: nothing needs to be kept here any more. */
  forget(): void {
    this.storage?.removeItem(this.key);
  }
}

export const draftKey = (consultation: string, person: string, opinion: string): string =>
  `response-draft/${consultation}/${person}/${opinion}`;

function read(storage: Kept | undefined, key: string): Written | undefined {
  try {
    const kept = storage?.getItem(key);
    return kept ? (JSON.parse(kept) as Written) : undefined;
  } catch {
    return undefined;
  }
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
