import { createContext } from 'svelte';
import type {
  CommandData,
  CommandName,
  ConsultationState,
} from '../../shared/consultation/index.ts';
import type { Action, Subject } from '../../shared/policy/can.ts';
import { isRefused, type RefusalCode } from '../../shared/refusal.ts';
import type { Me } from '../../shared/wire/down.ts';
import type { RecordStore } from '../record/record-store.svelte.ts';
import { clock } from '../ui/clock.svelte.ts';
import { t } from '../ui/messages.svelte.ts';
import { toast } from '../ui/toast.svelte.ts';
import type { UnitTask } from './unit-work.ts';
import './words.ts';

/** Two moderators at once are normal: that the other was faster is no news. */
const quiet: ReadonlySet<RefusalCode> = new Set<RefusalCode>(['already', 'already_tabled']);

/** What opens when an opinion is tapped; `respond` goes straight to the form. */
export interface OpenSheet {
  readonly opinion: string;
  readonly respond?: boolean;
}

/** What room and desk share: the record, what is open, and how a command's refusal is told. */
export class Room {
  readonly record: RecordStore;
  sheet = $state.raw<OpenSheet>();

  constructor(record: RecordStore) {
    this.record = record;
  }

  get state(): ConsultationState {
    return this.record.state;
  }

  get me(): Me | undefined {
    return this.record.me;
  }

  /** Server time in milliseconds; ticks. */
  get now(): number {
    return clock.now;
  }

  can = (action: Action, subject?: Subject): boolean => this.record.can(action, subject);

  openOpinion = (opinion: string): void => {
    this.sheet = { opinion };
  };

  /** Opens what the unit has to do: straight into the form where nothing is written yet. */
  doTask = ({ kind, opinion }: UnitTask): void => {
    this.sheet = { opinion: opinion.id, respond: kind === 'answer' };
  };

  closeSheet = (): void => {
    this.sheet = undefined;
  };

  /** Sends a command; says what came of it only where that isn't plain to see. True when it is done. */
  async act<Name extends CommandName>(
    type: Name,
    data: CommandData<Name>,
    done?: string,
    /** Codes that, here too, only say that someone else has just done it. */
    alsoQuiet: readonly RefusalCode[] = [],
  ): Promise<boolean> {
    const answer = await this.record.send(type, data);
    if (isRefused(answer)) {
      const { code, message } = answer.refused;
      if (quiet.has(code) || alsoQuiet.includes(code)) return true;
      toast.show(t.room.refused(message), { kind: 'refused' });
      return false;
    }
    if (done !== undefined) toast.show(done, { kind: 'done' });
    return true;
  }
}

export const [getRoom, setRoom] = createContext<Room>();
