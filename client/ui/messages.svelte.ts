import type { Language } from '../../shared/refusal.ts';
import { recall, remember } from './device.ts';
import type { Areas } from './messages/areas.ts';
import type { Translated } from './messages/translated.ts';
import { ui } from './messages/ui.ts';

export type Messages = Translated<Areas>;
type Area = keyof Messages;

/** One area in both languages. Chinese comes with the code that speaks it; English is fetched when it is wanted. */
interface Words<Name extends Area> {
  readonly chinese: Messages[Name];
  readonly english: () => Promise<Messages[Name]>;
}
type WordsByArea = { readonly [Name in Area]?: Words<Name> };

/** The language in use, and the words of all areas that were opened on this page. */
class Catalogue {
  language = $state<Language>('zh-CN');
  messages = $state.raw<Partial<Messages>>({});
  #areas: WordsByArea = {};
  #wanted: Language = 'zh-CN';

  /** A feature brings its words along: citizens' phones need not load those of the moderator's desk. */
  add<Name extends Area>(area: Name, words: Words<Name>): void {
    this.#areas = { ...this.#areas, [area]: words };
    this.messages = { ...this.messages, [area]: words.chinese };
    if (this.#wanted === 'en') void this.use('en');
  }

  async use(language: Language): Promise<void> {
    this.#wanted = language;
    remember('language', language);
    const spoken = await Promise.all(
      Object.entries(this.#areas).map(async ([area, { chinese, english }]) => [
        area,
        language === 'en' ? await english() : chinese,
      ]),
    );
    if (this.#wanted !== language) return;
    this.messages = { ...this.messages, ...(Object.fromEntries(spoken) as Partial<Messages>) };
    this.language = language;
    document.documentElement.lang = language;
  }

  toggle = (): Promise<void> => this.use(this.#wanted === 'en' ? 'zh-CN' : 'en');
}

export const catalogue = new Catalogue();
catalogue.add('ui', { chinese: ui, english: async () => (await import('./messages/ui.en.ts')).ui });
if (recall('language') === 'en') void catalogue.use('en');

/** Read in a component or a `$derived`, every word follows a change of the language: `t.room.raiseHand`. */
export const t: Messages = new Proxy({} as Messages, {
  get(_target, area: Area) {
    const words = catalogue.messages[area];
    if (!words) throw new Error(`the words of “${area}” were not added: import its words.ts`);
    return words;
  },
});
