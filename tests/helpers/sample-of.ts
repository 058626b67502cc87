/** The keywords of JSON Schema that the interface uses. */
interface Described {
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Described[];
  readonly type?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly minItems?: number;
  readonly items?: Described;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Described>>;
}

/** Texts of the forms that identifiers, days, times and sums have. */
const texts = [
  '某',
  'abcdefgh',
  '2026-11-24',
  '09:30',
  'a'.repeat(64),
  '00000000-0000-4000-8000-000000000000',
];

/** Something of the described form, as small as it can be: for asking what is refused for other reasons. */
export function sampleOf(schema: object): unknown {
  const described = schema as Described;
  if ('const' in described) return described.const;
  if (described.enum) return described.enum[0];
  if (described.anyOf) return sampleOf(described.anyOf[0] ?? {});
  switch (described.type) {
    case 'object':
      return Object.fromEntries(
        (described.required ?? []).map((name) => [
          name,
          sampleOf(described.properties?.[name] ?? {}),
        ]),
      );
    case 'array':
      return Array.from({ length: described.minItems ?? 0 }, () => sampleOf(described.items ?? {}));
    case 'string': {
      const { pattern = '', minLength = 0 } = described;
      const fits = (text: string) => new RegExp(pattern).test(text) && text.length >= minLength;
      const found = texts.find(fits);
      if (found === undefined) throw new Error(`no sample for /${pattern}/`);
      return found;
    }
    case 'number':
    case 'integer':
      return described.minimum ?? 1;
    case 'boolean':
      return true;
    default:
      return null;
  }
}
