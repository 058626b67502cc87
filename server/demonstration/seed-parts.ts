import type { Doc } from 'yjs';
import type {
  CommandData,
  CommandName,
  ConsultationState,
} from '../../shared/consultation/index.ts';
import type { Created } from '../../shared/consultation/lifecycle.ts';
import type { Actor } from '../../shared/log/envelope.ts';
import { isRefused, type Refused } from '../../shared/refusal.ts';
import type { Sample, SamplePerson } from './content/sample.ts';

type Handled = { readonly ok: true; readonly seq: number } | Refused;

/** What making the demonstration needs of the rest of the server. */
export interface SeedParts {
  /** A writer of the record by a clock of its own, so that the meeting can have begun an hour ago. */
  readonly recordAt: (now: () => number) => SeedRecord;
  /** An edit of the board in someone's name; resolves once it is on disk. */
  readonly editBoard: (
    consultation: string,
    actor: Actor,
    edit: (doc: Doc) => void,
  ) => Promise<void>;
  readonly addPerson: (name: string, id: string) => Promise<unknown>;
  readonly newCode: () => string;
}

export interface SeedRecord {
  open(id: string): Promise<{ readonly state: ConsultationState } | undefined>;
  create(created: Created, actor: Actor, commandId: string): Promise<Handled>;
  handle(
    id: string,
    message: { commandId: string; type: string; data: unknown },
    actor: Actor,
  ): Promise<Handled>;
}

export const systemActor: Actor = { person: 'system', role: 'system', name: '系统' };

export const actorOf = ({ id, role, name, unit }: SamplePerson): Actor => ({
  person: id,
  role,
  name,
  ...(unit === '' ? {} : { unit }),
});

/** What happened in one consultation, told in order by the commands that the people would have given. */
export interface Story {
  readonly id: string;
  /** What follows happens at this time: milliseconds since 1970, never earlier than what was told before. */
  at(time: number): void;
  /** Gives a command and answers its id; a refusal would mean that the story is wrong. */
  tell<Name extends CommandName>(
    actor: Actor,
    type: Name,
    data: CommandData<Name>,
  ): Promise<string>;
  state(): Promise<ConsultationState>;
}

/**
 * Creates the consultation and begins to tell. Command ids are counted, so that telling the same story again, after a
 * crash in the middle of it, changes nothing that was told before.
 */
export async function beginStory(
  { id, title, host, form }: Sample,
  parts: SeedParts,
  { at, startsAt }: { readonly at: number; readonly startsAt: number },
): Promise<Story> {
  let time = at;
  let told = 0;
  const record = parts.recordAt(() => time);
  const state = async (): Promise<ConsultationState> => {
    const live = await record.open(id);
    if (!live) throw new Error(`the consultation ${id} was not created`);
    return live.state;
  };
  if (!(await record.open(id))) {
    const created = { id, title, host, form, code: parts.newCode(), startsAt, sample: true };
    accepted(await record.create(created, systemActor, 'sample-create'), 'consultation.create');
  }
  return {
    id,
    at(next) {
      time = Math.max(time, next);
    },
    async tell(actor, type, data) {
      told += 1;
      const commandId = `sample-${told}`;
      accepted(await record.handle(id, { commandId, type, data }, actor), type);
      return commandId;
    },
    state,
  };
}

function accepted(handled: Handled, what: string): void {
  if (!isRefused(handled)) return;
  throw new Error(`the demonstration's ${what} was refused: ${JSON.stringify(handled.refused)}`);
}
