import type { Language } from './refusal.ts';

/** The language that an `Accept-Language` header asks for first, of those that we speak; Chinese without one. */
export function languageFrom(header: string | undefined): Language {
  const [first] = (header ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', weight] = part.trim().toLowerCase().split(';q=');
      return { tag, weight: weight === undefined ? 1 : Number(weight) || 0 };
    })
    .filter(({ tag }) => /^(zh|en)\b/.test(tag))
    .sort((a, b) => b.weight - a.weight);
  return first?.tag.startsWith('en') ? 'en' : 'zh-CN';
}
