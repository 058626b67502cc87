import { setTimeout as pause } from 'node:timers/promises';
import type * as Y from 'yjs';
import { addCard, cardBody, readLanes } from '../../shared/board/schema.ts';

/** Milliseconds between two characters of someone who types Chinese without hurry. */
const STROKE_MS = 140;

/** Makes an empty card in the lane whose title contains `lane`, or else in the first. */
export function newCard(doc: Y.Doc, id: string, author: string, lane: string): void {
  const lanes = readLanes(doc);
  const chosen = lanes.find(({ title }) => title.includes(lane)) ?? lanes[0];
  if (!chosen) throw new Error('the board has no lane');
  doc.transact(() => addCard(doc, { id, lane: chosen.id, author, createdAt: Date.now() }));
}

/** Types at the end of a card, character by character, as a person does. */
export async function typeInto(
  doc: Y.Doc,
  card: string,
  words: string,
  pace: number,
): Promise<void> {
  for (const character of words) {
    const body = cardBody(doc, card);
    if (!body) return;
    body.insert(body.length, character);
    await pause(STROKE_MS / pace);
  }
}
