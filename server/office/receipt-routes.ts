import { Type } from 'typebox';
import { isRefused, refuse, type Refused } from '../../shared/refusal.ts';
import { ReceiptSchema, RefusedSchema, type Receipt } from '../../shared/wire/rest.ts';
import type { Enter, OfficeRoutes, Routes, Visitor } from './entrance.ts';

const Id = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });

/** A receipt number shows what became of a submission on any device: for who called, wrote a letter, or lost a phone. */
export function receiptRoutes<Who extends Visitor>(
  app: Routes,
  { countCommand }: Pick<OfficeRoutes<Who>, 'countCommand'>,
  enter: Enter<Who>,
): void {
  app.post(
    '/api/consultations/:id/receipts',
    {
      schema: {
        tags: ['consultations'],
        summary: 'What became of the submission with this receipt number',
        params: Id,
        body: Type.Object({ receipt: Type.String({ minLength: 1, maxLength: 40 }) }),
        response: { 200: ReceiptSchema, '4xx': RefusedSchema },
      },
    },
    async (request): Promise<Receipt | Refused> => {
      const entered = await enter(request, request.params.id);
      if (isRefused(entered)) return entered;
      // as dear as a command: nobody tries numbers by the thousand
      if (!countCommand(entered.who)) return refuse('too_many');
      const typed = plain(request.body.receipt);
      const found = Object.values(entered.live.state.submissions).find(
        ({ receipt }) => plain(receipt) === typed,
      );
      if (!found) return refuse('not_found', 'receipt');
      const { id, receipt, at, status, text, reason, opinion } = found;
      return {
        ...{ id, receipt, at, status },
        ...(text === undefined ? {} : { text }),
        ...(reason === undefined ? {} : { reason }),
        ...(opinion === undefined ? {} : { opinion }),
      };
    },
  );
}

/** As it is read aloud and typed: without spaces and dashes, in any case. */
const plain = (receipt: string): string => receipt.replace(/[\s-]/g, '').toUpperCase();
