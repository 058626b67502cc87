import { readHistoryPage } from '../../../shared/board/history-page.ts';
import type { Refused } from '../../../shared/refusal.ts';
import { catalogue, t } from '../../ui/messages.svelte.ts';

/** One page of a board's rows. A refusal, and a server that can't be reached, are values. */
export async function fetchPage(
  consultation: string,
  after: number,
): Promise<ReturnType<typeof readHistoryPage> | { readonly problem: string }> {
  try {
    const response = await fetch(`${pathOf(consultation)}/history?after=${after}`, {
      credentials: 'same-origin',
      headers: { 'accept-language': catalogue.language },
    });
    if (response.ok) return readHistoryPage(new Uint8Array(await response.arrayBuffer()));
    const { refused } = (await response.json()) as Partial<Refused>;
    return { problem: refused?.message ?? t.ui.failed };
  } catch {
    return { problem: t.ui.noServer };
  }
}

export const pathOf = (consultation: string): string =>
  `/api/consultations/${encodeURIComponent(consultation)}/board`;
