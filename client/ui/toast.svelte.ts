import { announce } from './announce.svelte.ts';

export interface ToastAction {
  readonly label: string;
  readonly run: () => void;
}

export interface ToastOptions {
  readonly kind?: 'done' | 'refused' | 'plain';
  readonly action?: ToastAction;
}

export interface Toast extends ToastOptions {
  readonly id: number;
  readonly text: string;
}

const SHOWN_MS = { plain: 5_000, done: 4_000, refused: 9_000 };
const MOST = 3;

class Toasts {
  list = $state.raw<readonly Toast[]>([]);
  #next = 0;

  /** Says something for a few seconds without taking the focus; an action keeps it longer. */
  show(text: string, options: ToastOptions = {}): void {
    const id = (this.#next += 1);
    // what is said again replaces what was said before
    const others = this.list.filter((toast) => toast.text !== text).slice(1 - MOST);
    this.list = [...others, { id, text, ...options }];
    announce(text);
    const time = SHOWN_MS[options.kind ?? 'plain'] + (options.action ? 4_000 : 0);
    setTimeout(() => this.dismiss(id), time);
  }

  dismiss(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }
}

export const toast = new Toasts();
