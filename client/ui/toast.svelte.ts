export interface ToastOptions {
  readonly kind?: 'info' | 'done' | 'refused';
  readonly action?: { readonly label: string; readonly run: () => void };
}

export interface Toast extends ToastOptions {
  readonly id: number;
  readonly text: string;
}

const MAX_SHOWN = 3;
const SHOWN_MS = 5_000;
/** A refusal is read twice, an offer to undo needs time to be taken. */
const SHOWN_LONGER_MS = 9_000;

class Toasts {
  shown = $state.raw<readonly Toast[]>([]);
  /** Elements in which toasts must live to be seen and reached: open dialogs, the newest last. */
  hosts = $state.raw<readonly HTMLElement[]>([]);
  readonly #timersById = new Map<number, ReturnType<typeof setTimeout>>();
  #last = 0;

  show(text: string, options: ToastOptions = {}): void {
    const same = this.shown.find((toast) => toast.text === text);
    if (same) this.dismiss(same.id);
    this.#last += 1;
    const toast: Toast = { id: this.#last, text, ...options };
    const tooMany = this.shown.slice(0, Math.max(0, this.shown.length + 1 - MAX_SHOWN));
    for (const { id } of tooMany) this.dismiss(id);
    this.shown = [...this.shown, toast];
    this.resume(toast);
  }

  dismiss(id: number): void {
    this.pause(id);
    this.shown = this.shown.filter((toast) => toast.id !== id);
  }

  /** While it is looked at or touched, it stays. */
  pause(id: number): void {
    clearTimeout(this.#timersById.get(id));
    this.#timersById.delete(id);
  }

  resume({ id, kind, action }: Toast): void {
    this.pause(id);
    const time = kind === 'refused' || action ? SHOWN_LONGER_MS : SHOWN_MS;
    this.#timersById.set(
      id,
      setTimeout(() => this.dismiss(id), time),
    );
  }

  /** A modal dialog covers all else: toasts go inside until it is closed. Returns its undoing. */
  dock(host: HTMLElement): () => void {
    this.hosts = [...this.hosts, host];
    return () => {
      this.hosts = this.hosts.filter((other) => other !== host);
    };
  }
}

export const toast = new Toasts();
