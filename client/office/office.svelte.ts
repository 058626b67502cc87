import type { Form } from '../../shared/consultation/lifecycle.ts';
import { inOrder } from '../../shared/consultation/attendance.ts';
import type { PlannedStage, Stage } from '../../shared/consultation/stage.ts';
import { randomId } from '../record/random-id.ts';
import type { Participant } from '../../shared/consultation/people.ts';
import type {
  AddedParticipant,
  AgendaTemplate,
  ConsultationAnswer,
  CreateConsultation,
  CreatedConsultation,
  ListedConsultation,
} from '../../shared/wire/rest.ts';
import { get, post, remove, type Answer, type ToldRefusal } from '../ui/api.ts';
import type { PastedPerson } from './paste.ts';

export interface NewConsultation {
  readonly title: string;
  readonly host: string;
  /** Milliseconds since 1970; absent while not settled. */
  readonly startsAt?: number;
  readonly form: Form;
  readonly sample: boolean;
  /** The template that its agenda begins from. */
  readonly agenda?: string;
}

/** A consultation's people and doors, as the office manages them. */
export interface Managed {
  readonly id: string;
  readonly title: string;
  readonly code: string;
  readonly screenKey?: string;
  readonly people: readonly Participant[];
  readonly agenda: readonly Stage[];
}

/** Links whose secrets are known only here and now: the server keeps their hashes. */
export type FreshLink = Pick<AddedParticipant, 'id' | 'name' | 'role'> & { readonly link: string };

/** What the office's page knows and does. */
export class Office {
  consultations = $state.raw<readonly ListedConsultation[]>();
  refused = $state.raw<ToldRefusal>();
  managed = $state.raw<Managed>();
  fresh = $state.raw<readonly FreshLink[]>([]);
  templates = $state.raw<readonly AgendaTemplate[]>([]);

  load = async (): Promise<void> => {
    const answer = await get<ListedConsultation[]>('/api/consultations');
    this.refused = 'refused' in answer ? answer.refused : undefined;
    if ('body' in answer) this.consultations = answer.body;
    await this.loadTemplates();
  };

  async create({
    title,
    host,
    startsAt,
    form,
    sample,
    agenda,
  }: NewConsultation): Promise<ToldRefusal | undefined> {
    const wanted: CreateConsultation = {
      title,
      form,
      sample,
      ...(agenda === undefined ? {} : { agenda }),
      ...(host === '' ? {} : { host }),
      ...(startsAt === undefined ? {} : { startsAt }),
    };
    const answer = await post<CreatedConsultation>('/api/consultations', wanted);
    if ('refused' in answer) return answer.refused;
    await Promise.all([this.load(), this.manage(answer.body.id)]);
    return undefined;
  }

  async manage(id: string): Promise<ToldRefusal | undefined> {
    const answer = await get<ConsultationAnswer>(`/api/consultations/${encodeURIComponent(id)}`);
    if ('refused' in answer) return answer.refused;
    const { state, screenKey } = answer.body;
    if (this.managed?.id !== id) this.fresh = [];
    this.managed = {
      id,
      title: state.lifecycle.title,
      code: state.lifecycle.code,
      people: inOrder(state.roster),
      agenda: state.agenda.stages,
      ...(screenKey === undefined ? {} : { screenKey }),
    };
    return undefined;
  }

  async loadTemplates(): Promise<void> {
    const answer = await get<AgendaTemplate[]>('/api/agenda-templates');
    if ('body' in answer) this.templates = answer.body;
  }

  async saveTemplate(
    name: string,
    stages: readonly PlannedStage[],
  ): Promise<ToldRefusal | undefined> {
    const answer = await post<AgendaTemplate>('/api/agenda-templates', { name, stages });
    await this.loadTemplates();
    return 'refused' in answer ? answer.refused : undefined;
  }

  async removeTemplate(id: string): Promise<ToldRefusal | undefined> {
    const answer = await remove(`/api/agenda-templates/${encodeURIComponent(id)}`);
    await this.loadTemplates();
    return 'refused' in answer ? answer.refused : undefined;
  }

  async setAgenda(stages: readonly PlannedStage[]): Promise<ToldRefusal | undefined> {
    const id = this.managed?.id;
    if (id === undefined) return undefined;
    const command = { commandId: randomId(), type: 'agenda.set', data: { stages } };
    const path = `/api/consultations/${encodeURIComponent(id)}/commands`;
    const answer = await post(path, command);
    return 'refused' in answer ? answer.refused : this.manage(id);
  }

  leave = (): void => {
    this.managed = undefined;
    this.fresh = [];
  };

  async add(people: readonly PastedPerson[]): Promise<ToldRefusal | undefined> {
    return this.#linked((id) =>
      post<AddedParticipant[]>(`/api/consultations/${encodeURIComponent(id)}/participants`, people),
    );
  }

  async renew(person: string): Promise<ToldRefusal | undefined> {
    return this.#linked(async (id) => {
      const path = `/api/consultations/${encodeURIComponent(id)}/participants/${encodeURIComponent(person)}/invitation`;
      const answer = await post<AddedParticipant>(path);
      return 'body' in answer ? { body: [answer.body] } : answer;
    });
  }

  async #linked(
    ask: (id: string) => Promise<Answer<readonly AddedParticipant[]>>,
  ): Promise<ToldRefusal | undefined> {
    const id = this.managed?.id;
    if (id === undefined) return undefined;
    const answer = await ask(id);
    if ('refused' in answer) return answer.refused;
    const made = answer.body.map(({ token, ...who }) => ({
      ...who,
      link: `${location.origin}/i/${token}`,
    }));
    const isNew = (link: FreshLink): boolean => made.some((one) => one.id === link.id);
    this.fresh = [...made, ...this.fresh.filter((link) => !isNew(link))];
    return this.manage(id);
  }
}
