import type { Login, Redeemed } from '../../shared/wire/rest.ts';
import { get, post, type ToldRefusal } from '../ui/api.ts';
import { router } from '../ui/router.svelte.ts';

export type Redeeming =
  | { readonly kind: 'entering' }
  /** This browser is someone already: `name`, if it could be asked for. */
  | { readonly kind: 'someone-else'; readonly name?: string }
  | { readonly kind: 'refused'; readonly refused: ToldRefusal };

/** An invitation is redeemed by this page's own request: opening or previewing the link does nothing. */
export class Invitation {
  state = $state.raw<Redeeming>({ kind: 'entering' });
  readonly #token: string;

  constructor(token: string) {
    this.#token = token;
    void this.redeem(false);
  }

  async redeem(asAnother: boolean): Promise<void> {
    this.state = { kind: 'entering' };
    const wanted = asAnother ? { token: this.#token, switch: true } : { token: this.#token };
    const answer = await post<Redeemed>('/api/invitations/redeem', wanted);
    if ('body' in answer) return router.go(answer.body.path, { replace: true });
    if (answer.refused.code === 'someone_else') {
      const who = await get<Login>('/api/me');
      this.state = {
        kind: 'someone-else',
        ...('body' in who ? { name: who.body.name } : {}),
      };
      return;
    }
    this.state = { kind: 'refused', refused: answer.refused };
  }
}
