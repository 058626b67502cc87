/** Takes the focus when it appears: what was opened by a key or a tap is where one goes on. */
export function focusNow(element: HTMLElement): void {
  element.focus();
}
