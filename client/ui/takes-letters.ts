/** Is the focus somewhere that takes letters? */
export function takesLetters(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.tagName === 'TEXTAREA' || target.tagName === 'SELECT')
    return true;
  const input = target.tagName === 'INPUT' ? (target as HTMLInputElement).type : undefined;
  return input !== undefined && !['checkbox', 'radio', 'button', 'range'].includes(input);
}
