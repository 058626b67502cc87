import { cardPicturesUrl } from '../../shared/pictures.ts';
import { randomId } from '../record/random-id.ts';
import { t } from '../ui/messages.svelte.ts';
import { keptUploads, type KeptUpload } from './kept-uploads.ts';
import { send } from './send.ts';
import { shrunkForSending } from './shrink.ts';
import './words.ts';

export type UploadPhase = 'preparing' | 'sending' | 'waiting' | 'finishing' | 'paused' | 'refused';

/** One picture on its way to a card. */
export class Upload {
  readonly id: string;
  readonly card: string;
  readonly name: string;
  phase = $state<UploadPhase>('preparing');
  /** Why it was refused, in words. */
  problem = $state('');
  sent = $state(0);
  size = $state(0);
  /** It survives a reload of the page. */
  kept = $state(true);
  preview = $state.raw<string>();
  blob: Blob | undefined;
  location: string | undefined;
  stop = new AbortController();

  constructor(id: string, card: string, name: string) {
    this.id = id;
    this.card = card;
    this.name = name;
  }

  get percent(): number {
    return this.size === 0 ? 0 : Math.floor((this.sent / this.size) * 100);
  }
}

export interface UploadsParts {
  readonly consultation: string;
  readonly person: string;
  /** Resolves once the card is on the server too. */
  readonly saved: () => Promise<boolean>;
  readonly onCount: (card: string, count: number) => void;
  /** What can't be shown on a card, because that is gone. */
  readonly onStray: (problem: string) => void;
  readonly isThere: (card: string) => boolean;
}

/** What this device is bringing to the cards of one board: one after another, through cuts and reloads. */
export class Uploads {
  all = $state.raw<readonly Upload[]>([]);
  readonly #parts: UploadsParts;
  readonly #kept = keptUploads();
  #sending: Promise<void> = Promise.resolve();

  constructor(parts: UploadsParts) {
    this.#parts = parts;
  }

  of = (card: string): readonly Upload[] => this.all.filter((upload) => upload.card === card);

  /** Takes up what a reload cut off. */
  async restore(): Promise<void> {
    const { person, consultation } = this.#parts;
    for (const kept of await this.#kept.list(person, consultation)) {
      if (this.all.some(({ id }) => id === kept.id)) continue;
      const upload = this.#new(kept.id, kept.card, kept.name);
      upload.location = kept.location;
      this.#hold(upload, kept.blob);
      this.#queue(upload);
    }
  }

  async add(card: string, files: readonly File[]): Promise<void> {
    const uploads = files.map((file) => ({ file, upload: this.#new(randomId(), card, file.name) }));
    for (const { file, upload } of uploads) {
      const blob = await shrunkForSending(file).catch(() => undefined);
      if (!blob) this.#refuse(upload, t.pictures.unreadable);
      else if (this.all.includes(upload)) {
        this.#hold(upload, blob);
        upload.kept = await this.#kept.keep(this.#asKept(upload, blob));
        this.#queue(upload);
      }
    }
  }

  pause(upload: Upload): void {
    upload.stop.abort();
    upload.phase = 'paused';
  }

  resume(upload: Upload): void {
    upload.problem = '';
    this.#queue(upload);
  }

  /** Gives it up, or puts a refusal out of sight. */
  cancel(upload: Upload): void {
    upload.stop.abort();
    if (upload.location !== undefined)
      void fetch(upload.location, { method: 'DELETE', credentials: 'same-origin' }).catch(() => {});
    this.#remove(upload);
  }

  close(): void {
    for (const upload of this.all) {
      upload.stop.abort();
      if (upload.preview !== undefined) URL.revokeObjectURL(upload.preview);
    }
  }

  #new(id: string, card: string, name: string): Upload {
    const upload = new Upload(id, card, name);
    this.#set([...this.all, upload], card);
    return upload;
  }

  #hold(upload: Upload, blob: Blob): void {
    upload.blob = blob;
    upload.size = blob.size;
    upload.preview = URL.createObjectURL(blob);
  }

  #queue(upload: Upload): void {
    upload.phase = 'sending';
    upload.stop = new AbortController();
    const { stop } = upload;
    this.#sending = this.#sending
      .then(() => this.#send(upload, stop.signal))
      .catch(() => this.#refuse(upload, t.pictures.failed));
  }

  async #send(upload: Upload, signal: AbortSignal): Promise<void> {
    const { blob } = upload;
    if (!blob || signal.aborted) return;
    while (!(await this.#parts.saved())) if (signal.aborted) return;
    const sent = await send({
      url: cardPicturesUrl(this.#parts.consultation, upload.card),
      blob,
      location: upload.location,
      signal,
      onLocation: (location) => {
        upload.location = location;
        void this.#kept.keep(this.#asKept(upload, blob));
      },
      onProgress: (bytes) => {
        upload.sent = bytes;
        upload.phase = bytes === blob.size ? 'finishing' : 'sending';
      },
      onNetwork: (there) => {
        upload.phase = there ? 'sending' : 'waiting';
      },
    });
    if (sent === 'done') this.#remove(upload);
    else if (sent !== 'stopped') this.#refuse(upload, sent.refused.message);
  }

  #refuse(upload: Upload, problem: string): void {
    if (!this.#parts.isThere(upload.card)) {
      this.#remove(upload);
      return this.#parts.onStray(`${upload.name}：${problem}`);
    }
    upload.phase = 'refused';
    upload.problem = problem;
    void this.#kept.drop(upload.id);
    this.#set(this.all, upload.card);
  }

  #remove(upload: Upload): void {
    void this.#kept.drop(upload.id);
    if (upload.preview !== undefined) URL.revokeObjectURL(upload.preview);
    this.#set(
      this.all.filter((each) => each !== upload),
      upload.card,
    );
  }

  #set(all: readonly Upload[], card: string): void {
    this.all = all;
    this.#parts.onCount(card, this.of(card).filter(({ phase }) => phase !== 'refused').length);
  }

  #asKept(upload: Upload, blob: Blob): KeptUpload {
    const { person, consultation } = this.#parts;
    const { id, card, name, location } = upload;
    return { id, person, consultation, card, name, blob, at: Date.now(), location };
  }
}
