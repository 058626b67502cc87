import type { Refusal } from '../../shared/refusal.ts';
import { catalogue, t } from './messages.svelte.ts';

export type ToldRefusal = Refusal & { readonly message: string };
export type Answer<Body> = { readonly body: Body } | { readonly refused: ToldRefusal };

/** One request of the HTTP interface. A refusal, and a server that can't be reached, are values. */
export async function request<Body>(
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<Answer<Body>> {
  const headers: Record<string, string> = { 'accept-language': catalogue.language };
  if (body !== undefined) headers['content-type'] = 'application/json';
  try {
    const response = await fetch(path, {
      method,
      headers,
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as Body & { refused?: ToldRefusal };
    if (response.ok) return { body: answer };
    return { refused: answer.refused ?? { code: 'busy', message: t.ui.failed } };
  } catch {
    return { refused: { code: 'busy', message: t.ui.noServer } };
  }
}

export const get = <Body>(path: string): Promise<Answer<Body>> => request<Body>('GET', path);
export const post = <Body>(path: string, body: unknown = {}): Promise<Answer<Body>> =>
  request<Body>('POST', path, body);
export const remove = <Body>(path: string): Promise<Answer<Body>> => request<Body>('DELETE', path);
