/**
 * The entry of that id. Ids come from clients, who may ask for `constructor` or `__proto__`: what every object has is
 * not an entry.
 */
export const entryOf = <Entry>(
  entries: Readonly<Record<string, Entry>>,
  id: string,
): Entry | undefined =>
  Object.prototype.hasOwnProperty.call(entries, id) ? entries[id] : undefined;
