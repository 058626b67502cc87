/** What the page says to people who can't see it; `toasts.svelte` holds the live region. */
class Announcer {
  text = $state('');
  #turn = false;

  /** The same sentence twice is said twice: a live region is silent about what did not change. */
  say(text: string): void {
    this.#turn = !this.#turn;
    this.text = this.#turn ? text : `${text}\u00a0`;
  }
}

export const announcer = new Announcer();

export const announce = (text: string): void => announcer.say(text);
