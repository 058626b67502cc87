/** What a key means on the desk. */
export type DeskKey =
  | 'blank'
  | 'accept'
  | 'decline'
  | 'similar'
  | 'next-submission'
  | 'previous-submission'
  | 'next-speaker'
  | 'next-on-screen'
  | 'help';

const keys: Readonly<Record<string, DeskKey>> = {
  b: 'blank',
  a: 'accept',
  d: 'decline',
  s: 'similar',
  j: 'next-submission',
  k: 'previous-submission',
  n: 'next-speaker',
  m: 'next-on-screen',
  '?': 'help',
};

type Pressed = Pick<
  KeyboardEvent,
  'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'isComposing' | 'repeat' | 'defaultPrevented'
>;

/**
 * The meaning of a key press, or undefined. Nothing while someone types or composes with an input method, nothing with
 * a modifier (Ctrl+A stays the browser's), nothing for a key held down: a second submission must not be accepted by a
 * heavy finger.
 */
export function deskKey(pressed: Pressed, typing: boolean): DeskKey | undefined {
  const { key, ctrlKey, metaKey, altKey, isComposing, repeat, defaultPrevented } = pressed;
  if (typing || ctrlKey || metaKey || altKey || isComposing || repeat || defaultPrevented) {
    return undefined;
  }
  return keys[key.toLowerCase()];
}

/** Is the focus in what is open in front of the desk? */
export const isInFront = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('dialog') !== null;
