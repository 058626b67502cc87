import { Compile, type Validator } from 'typebox/compile';
import {
  consultationCommands,
  type CommandName,
  type ConsultationCommand,
} from '../../shared/consultation/index.ts';
import { refuse, type Refused } from '../../shared/refusal.ts';
import type { CommandMessage } from '../../shared/wire/up.ts';
import { storable } from './chain.ts';

const bodyByName = new Map<string, Validator>(
  Object.entries(consultationCommands).map(([name, schema]) => [name, Compile(schema)]),
);

/** Deeper than any body's form: what goes deeper would exhaust the stack of whoever walks through it. */
const MAX_DEPTH = 20;

const isDeeperThan = (depth: number, value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (depth === 0 || Object.values(value).some((member) => isDeeperThan(depth - 1, member)));

/** The body checked against its command's schema; members that it does not name are dropped. */
export function parseCommand({ type, data }: CommandMessage): ConsultationCommand | Refused {
  const body = bodyByName.get(type);
  if (!body) return refuse('unknown_command', 'type');
  if (isDeeperThan(MAX_DEPTH, data)) return refuse('invalid', 'data');
  const given = storable(data ?? {});
  if (!body.Check(given)) return refuse('invalid', fieldOf(body, given));
  // the schema of this very name has checked the body
  return { type: type as CommandName, data: body.Clean(given) } as ConsultationCommand;
}

/** `commitments.0.officer` from the JSON pointer of the first error; a missing member is named too. */
function fieldOf(validator: Validator, value: unknown): string | undefined {
  const [error] = validator.Errors(value);
  if (!error) return undefined;
  const missing = (error.params as { requiredProperties?: string[] }).requiredProperties?.[0];
  const path = error.instancePath.split('/').slice(1);
  return (missing === undefined ? path : [...path, missing]).join('.') || undefined;
}
