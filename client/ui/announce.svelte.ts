/** What the live region says to those who listen instead of look. */
class LiveRegion {
  text = $state('');
}

export const liveRegion = new LiveRegion();

export function announce(text: string): void {
  // the same words twice are two pieces of news: a no-break space makes them differ
  liveRegion.text = liveRegion.text === text ? `${text}\u00a0` : text;
}
