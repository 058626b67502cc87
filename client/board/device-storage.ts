/** The device's own storage; `undefined` where a private window or a web view forbids it. */
export function deviceStorage(): Storage | undefined {
  try {
    return window.localStorage;
  } catch {
    return undefined;
  }
}

/** What lies under a key, or `undefined` when it is nothing that `read` understands. */
export function readKept<Kept>(
  storage: Storage | undefined,
  key: string,
  read: (value: unknown) => Kept | undefined,
): Kept | undefined {
  try {
    return read(JSON.parse(storage?.getItem(key) ?? 'null'));
  } catch {
    return undefined;
  }
}

/** A full or forbidden storage costs only the safety net. */
export function keep(storage: Storage | undefined, key: string, value: unknown): void {
  try {
    storage?.setItem(key, JSON.stringify(value));
  } catch {
    // see above
  }
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const stringsIn = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];

/** This tab's storage, which a reload keeps. */
export function sessionStore(): Storage | undefined {
  try {
    return window.sessionStorage;
  } catch {
    return undefined;
  }
}
