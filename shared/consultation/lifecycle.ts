import { Type, type Static } from 'typebox';
import { can } from '../policy/can.ts';
import { refuse } from '../refusal.ts';
import type { Actor, Circumstances, Decision, EventOf, Recorded } from './decision.ts';
import type { ConsultationState } from './state.ts';

/** The three independent pairs of the form; a consultation may mix them. */
export const FormSchema = Type.Object({
  hall: Type.Boolean({ default: true }),
  onsite: Type.Boolean({ default: false }),
  mobile: Type.Boolean({ default: false }),
  groups: Type.Boolean({ default: false }),
});
export type Form = Static<typeof FormSchema>;

export type Phase = 'prepared' | 'open' | 'paused' | 'ended' | 'archived';

export interface Lifecycle {
  readonly phase: Phase;
  readonly title: string;
  /** Who hosts: the district, a committee, a sub-district's office, a studio. */
  readonly host: string;
  readonly form: Form;
  /** The public code, `/j/:code`. */
  readonly code: string;
  readonly startsAt: number;
  /** 示例数据: fictional, and always shown as such. */
  readonly sample: boolean;
  readonly openedAt?: number;
  readonly pausedFor?: string;
  readonly endedAt?: number;
}

/** What a consultation is from the beginning. */
export type Created = Omit<Lifecycle, 'phase' | 'openedAt' | 'pausedFor' | 'endedAt'> & {
  readonly id: string;
};

export type LifecycleEvent =
  | EventOf<'consultation.created', Created>
  | EventOf<'consultation.opened', Record<never, never>>
  | EventOf<'consultation.paused', { readonly reason?: string }>
  | EventOf<'consultation.resumed', Record<never, never>>
  | EventOf<'consultation.ended', Record<never, never>>
  | EventOf<'consultation.archived', Record<never, never>>
  | EventOf<'consultation.formed', { readonly form: Form }>;

const Empty = Type.Object({});
export const lifecycleCommands = {
  'consultation.open': Empty,
  'consultation.pause': Type.Object({ reason: Type.Optional(Type.String({ maxLength: 200 })) }),
  'consultation.resume': Empty,
  'consultation.end': Empty,
  'consultation.archive': Empty,
  'consultation.form': Type.Object({ form: FormSchema }),
};
export type LifecycleCommand = {
  [Name in keyof typeof lifecycleCommands]: {
    type: Name;
    data: Static<(typeof lifecycleCommands)[Name]>;
  };
}[keyof typeof lifecycleCommands];

/** From which phases each command may be given. */
const allowedFrom: Record<LifecycleCommand['type'], readonly Phase[]> = {
  'consultation.open': ['prepared'],
  'consultation.pause': ['open'],
  'consultation.resume': ['paused'],
  'consultation.end': ['open', 'paused'],
  'consultation.archive': ['ended'],
  'consultation.form': ['prepared', 'open', 'paused'],
};

export function decideLifecycle(
  state: ConsultationState,
  command: LifecycleCommand,
  actor: Actor,
  _circumstances: Circumstances,
): Decision<LifecycleEvent> {
  if (!can(actor, command.type)) return refuse('forbidden');
  if (!allowedFrom[command.type].includes(state.lifecycle.phase)) return refuse('conflict');
  switch (command.type) {
    case 'consultation.open':
      return [{ type: 'consultation.opened', data: {} }];
    case 'consultation.pause':
      return [{ type: 'consultation.paused', data: command.data }];
    case 'consultation.resume':
      return [{ type: 'consultation.resumed', data: {} }];
    case 'consultation.end':
      return [{ type: 'consultation.ended', data: {} }];
    case 'consultation.archive':
      return [{ type: 'consultation.archived', data: {} }];
    case 'consultation.form':
      return [{ type: 'consultation.formed', data: command.data }];
  }
}

export function evolveLifecycle(lifecycle: Lifecycle, event: Recorded<LifecycleEvent>): Lifecycle {
  switch (event.type) {
    case 'consultation.created': {
      const { id: _id, ...created } = event.data;
      return { ...created, phase: 'prepared' };
    }
    case 'consultation.opened':
      return { ...lifecycle, phase: 'open', openedAt: event.at };
    case 'consultation.paused':
      return {
        ...lifecycle,
        phase: 'paused',
        ...(event.data.reason ? { pausedFor: event.data.reason } : {}),
      };
    case 'consultation.resumed': {
      const { pausedFor: _past, ...rest } = lifecycle;
      return { ...rest, phase: 'open' };
    }
    case 'consultation.ended':
      return { ...lifecycle, phase: 'ended', endedAt: event.at };
    case 'consultation.archived':
      return { ...lifecycle, phase: 'archived' };
    case 'consultation.formed':
      return { ...lifecycle, form: event.data.form };
  }
}

export const notCreated: Lifecycle = {
  phase: 'prepared',
  title: '',
  host: '',
  form: { hall: true, onsite: false, mobile: false, groups: false },
  code: '',
  startsAt: 0,
  sample: false,
};
