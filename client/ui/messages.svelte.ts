import type { Language } from '../../shared/refusal.ts';
import { recall, remember } from './device.ts';
import type { Translated } from './messages/translated.ts';
import { chinese } from './messages/zh-cn.ts';

export type Messages = Translated<typeof chinese>;

/** The language in use. Chinese is here from the start; English is fetched when somebody asks for it. */
class Catalogue {
  language = $state<Language>('zh-CN');
  messages = $state.raw<Messages>(chinese);

  async use(language: Language): Promise<void> {
    this.messages = language === 'en' ? (await import('./messages/en.ts')).english : chinese;
    this.language = language;
    document.documentElement.lang = language;
    remember('language', language);
  }

  toggle = (): Promise<void> => this.use(this.language === 'en' ? 'zh-CN' : 'en');
}

export const catalogue = new Catalogue();
if (recall('language') === 'en') void catalogue.use('en');

/** Read in a component or a `$derived`, every word follows a change of the language: `t.room.raiseHand`. */
export const t: Messages = new Proxy({} as Messages, {
  get: (_target, area: keyof Messages) => catalogue.messages[area],
});
