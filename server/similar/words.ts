import { commonplaces, matters, sameThings, stopWords } from './lexicon.ts';

/** What a text is about: its terms, each with its weight. Terms of different kinds never meet: `=`, `#`, `_` and `.` begin them. */
export type Terms = ReadonlyMap<string, number>;

/** How much each kind of term counts. */
const weights = { thing: 1.2, matter: 1.2, word: 0.6, pair: 0.5, character: 0.6, number: 0.3 };
/** How much of that is left of what every opinion says. */
const COMMONPLACE = 0.25;
const LONGEST_NUMBER_SAID_IN_PASSING = 2;

const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });
const han = /\p{Script=Han}+/gu;
/** Where a word ends for certain. */
const particles = /[的了是在和与及也都就吗呢吧啊把被让给对从向这那]/u;
const isNumber = /^(?:\p{N}+|[零一二两三四五六七八九十百千万半几]+)$/u;

interface Form {
  readonly form: string;
  readonly names: string;
}

/** By its first character, the longest first. */
type Forms = ReadonlyMap<string, readonly Form[]>;

function formsOf(rows: readonly (readonly string[])[]): Forms {
  const formsByFirst = new Map<string, Form[]>();
  for (const row of rows) {
    const [names = ''] = row;
    for (const form of row) {
      const [first = ''] = form;
      formsByFirst.set(first, [...(formsByFirst.get(first) ?? []), { form, names }]);
    }
  }
  for (const forms of formsByFirst.values()) forms.sort((a, b) => b.form.length - a.form.length);
  return formsByFirst;
}

const thingForms = formsOf(sameThings);
const matterForms = formsOf(matters);

/**
 * A text's terms: the things that it speaks of whatever they are called, its words by the dictionary of ICU, and pairs
 * of characters for what no dictionary has. Case, width and punctuation make no difference.
 */
export function termsOf(text: string): Terms {
  const said = text.normalize('NFKC').toLowerCase();
  const terms = new Map<string, number>();
  // saying it again says little more: n times count √n
  const add = (term: string, weight: number) =>
    terms.set(term, Math.hypot(terms.get(term) ?? 0, weight));
  const named = eachNamed(said, thingForms, (thing) => add(`=${thing}`, weights.thing));
  const spokenOf = new Set<string>();
  eachNamed(said, matterForms, (matter) => spokenOf.add(matter));
  for (const matter of spokenOf) add(`#${matter}`, weights.matter);
  for (const { segment, index, isWordLike } of segmenter.segment(said)) {
    if (isWordLike !== true || named[index] === 1 || stopWords.has(segment)) continue;
    const weight = weightOf(segment);
    if (weight > 0) add(segment, weight);
  }
  for (const [run] of said.matchAll(han)) {
    for (let at = 0; at < run.length; at += 1) {
      const character = run.charAt(at);
      if (!stopWords.has(character)) terms.set(`.${character}`, weights.character);
      const pair = run.slice(at, at + 2);
      if (pair.length < 2 || particles.test(pair)) continue;
      add(`_${pair}`, weights.pair * (commonplaces.has(pair) ? COMMONPLACE : 1));
    }
  }
  return terms;
}

/** Tells what is named by a form in the text; answers which code units belong to one. */
function eachNamed(said: string, formsByFirst: Forms, tell: (names: string) => void): Uint8Array {
  const named = new Uint8Array(said.length);
  for (let at = 0; at < said.length; at += 1) {
    const longest = formsByFirst.get(said[at] ?? '')?.find(({ form }) => said.startsWith(form, at));
    if (!longest) continue;
    const { form, names } = longest;
    tell(names);
    named.fill(1, at, at + form.length);
    at += form.length - 1;
  }
  return named;
}

function weightOf(word: string): number {
  if (isNumber.test(word)) return word.length > LONGEST_NUMBER_SAID_IN_PASSING ? weights.number : 0;
  if (word.length === 1) return 0;
  return weights.word * (commonplaces.has(word) ? COMMONPLACE : 1);
}
