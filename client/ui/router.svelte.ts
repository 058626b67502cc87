import type { Component } from 'svelte';

export type Params = Readonly<Record<string, string>>;
/** Each page declares the parameters that its pattern below provides. */
export type Page = Component<{ params: never }>;
type Load = () => Promise<{ default: Page }>;

/** Which page a path leads to. Each page is a chunk of its own, fetched when it is opened. */
const routes: readonly (readonly [pattern: RegExp, load: Load])[] = [
  [/^\/(?:i\/(?<token>[^/]+))?$/, () => import('../entry/entry-page.svelte')],
  [/^\/c\/(?<id>[^/]+)$/, () => import('../room/room-page.svelte')],
  [/^\/c\/(?<id>[^/]+)\/desk$/, () => import('../desk/desk-page.svelte')],
  [
    /^\/c\/(?<id>[^/]+)\/print\/(?<view>sign-in|name-cards|seats|poster)$/,
    () => import('../print/print-page.svelte'),
  ],
  [/^\/screen\/(?<id>[^/]+)$/, () => import('../screen/screen-page.svelte')],
  [/^\/j\/(?<code>[^/]+)(?:\/(?<view>mine))?$/, () => import('../public/public-page.svelte')],
  [/^\/office(?:\/.*)?$/, () => import('../office/office-page.svelte')],
];

class Router {
  page = $state.raw<Page>();
  params = $state.raw<Params>({});
  /** What is open: a page is made anew when this changes, and keeps what it holds when only its `view` does. */
  place = $state('');
  missing = $state(false);
  failed = $state(false);
  #visits = 0;

  start(): void {
    addEventListener('popstate', () => void this.show());
    addEventListener('click', (event) => this.#follow(event));
    void this.show();
  }

  go = (path: string, options: { replace?: boolean } = {}): void => {
    if (options.replace) history.replaceState(null, '', path);
    else history.pushState(null, '', path);
    void this.show();
  };

  async show(): Promise<void> {
    const visit = (this.#visits += 1);
    const path = location.pathname;
    const found = routes.find(([pattern]) => pattern.test(path));
    this.missing = !found;
    this.failed = false;
    if (!found) return;
    const [pattern, load] = found;
    try {
      const { default: page } = await load();
      // another link may have been followed while this page was on its way
      if (visit !== this.#visits) return;
      const params: Params = { ...pattern.exec(path)?.groups };
      const { view: _view, ...subject } = params;
      this.params = params;
      this.place = pattern.source + JSON.stringify(subject);
      this.page = page;
    } catch {
      this.failed = true;
    }
  }

  /** A plain click on a link within the application changes the page without a reload. */
  #follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link || link.target || link.origin !== location.origin || link.hasAttribute('download'))
      return;
    if (!routes.some(([pattern]) => pattern.test(link.pathname))) return;
    event.preventDefault();
    this.go(link.pathname + link.search);
  }
}

export const router = new Router();
