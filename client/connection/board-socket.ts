import {
  createDecoder,
  readVarString,
  readVarUint,
  readVarUint8Array,
  type Decoder,
} from 'lib0/decoding';
import { createEncoder } from 'lib0/encoding';
import type { Awareness } from 'y-protocols/awareness';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { boardFrame, syncStep } from '../../shared/wire/board-frames.ts';
import { ComposeHold } from './compose-hold.ts';
import { onOwnUpdate } from './own-updates.ts';
import type { UnsavedEdits } from './unsaved-edits.ts';

/** Edits that nobody confirms for so long are on a connection that only looks alive. */
const STALLED_MS = 15_000;

export interface Reset {
  /** The history that the server now keeps; to be named at the next connect. */
  readonly epoch: string;
  readonly reason: string;
}

export interface BoardSocketParts {
  /** `ws://host/board` */
  readonly url: string;
  readonly consultation: string;
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  readonly unsaved: UnsavedEdits;
  readonly epoch?: string | undefined;
  readonly WebSocket?: typeof WebSocket;
  /** Which cards a local edit touched. */
  readonly cardsIn: (transaction: Y.Transaction) => Iterable<string>;
  /** An edit: one's own, or what came from the server. */
  readonly onUpdate: (update: Uint8Array, own: boolean) => void;
  readonly onChange: () => void;
  readonly onReset: (reset: Reset) => void;
  /** The server will not have us back: 4401, 4403, 4404, 4429. */
  readonly onClosed: (code: number) => void;
}

export interface BoardSocket {
  /** Connected, and has all that the server had at that moment. */
  readonly synced: boolean;
  /** An attempt to connect has failed, or a connection was lost, and there is none now. */
  readonly lost: boolean;
  readonly hold: ComposeHold<HeldFrame>;
  connect(): void;
  close(): void;
}

/** A frame from the server, with the connection that it came by. */
interface HeldFrame {
  readonly rest: Uint8Array;
  readonly type: number;
  readonly ws: WebSocket | null;
}

type Provider = WebsocketProvider;

/**
 * The board's connection: the stock provider, and what it doesn't know of: counting what is not on disk yet, holding
 * what arrives under a composition, and starting afresh when the server says so.
 */
export function openBoardSocket(parts: BoardSocketParts): BoardSocket {
  const { doc, awareness, unsaved } = parts;
  let lost = false;
  let stalled: ReturnType<typeof setTimeout> | undefined;

  const provider: Provider = new WebsocketProvider(parts.url, parts.consultation, doc, {
    connect: false,
    awareness,
    disableBc: true,
    // spread, so that a hall full of phones doesn't come back in the same instant
    maxBackoffTime: 2_500 + Math.random() * 2_500,
    params: parts.epoch === undefined ? {} : { epoch: parts.epoch },
    WebSocketPolyfill: countingSocket(parts.WebSocket ?? WebSocket, doc.clientID, () => {
      unsaved.frameSent();
      changed();
    }),
  });
  const hold = new ComposeHold<HeldFrame>((frames) => deliver(frames));
  const deliver = holdFrames(provider, hold, parts.onUpdate);

  doc.off('update', provider._updateHandler);
  const deafen = onOwnUpdate(doc, (update, transaction) => {
    // an edit is known before its frame leaves
    unsaved.edited(parts.cardsIn(transaction));
    changed();
    provider._updateHandler(update, transaction.origin);
    parts.onUpdate(update, true);
  });

  provider.messageHandlers[boardFrame.saved] = (_encoder, decoder) => {
    unsaved.saved(readVarUint(decoder));
    changed();
  };
  provider.messageHandlers[boardFrame.reset] = (_encoder, decoder) => {
    const reset = readReset(decoder);
    provider.disconnect();
    parts.onReset(reset);
  };
  provider.on('sync', (synced) => {
    if (synced) lost = false;
    changed();
  });
  provider.on('connection-close', () => {
    lost = true;
    unsaved.connectionLost();
    changed();
  });
  provider.on('closed', ({ code }) => parts.onClosed(code));

  const restart = () => {
    if (!provider.shouldConnect) return;
    provider.disconnect();
    provider.connect();
  };
  const cameOnline = () => !provider.wsconnected && restart();
  addEventListener('offline', restart);
  addEventListener('online', cameOnline);

  let countBefore = 0;
  /** A connection that confirms nothing is restarted; any progress gives it another while. */
  function changed(): void {
    if (unsaved.count === 0 || !provider.wsconnected || unsaved.count < countBefore) {
      clearTimeout(stalled);
      stalled = undefined;
    }
    countBefore = unsaved.count;
    if (countBefore > 0 && provider.wsconnected) stalled ??= setTimeout(restart, STALLED_MS);
    parts.onChange();
  }

  return {
    get synced() {
      return provider.synced;
    },
    get lost() {
      return lost;
    },
    hold,
    connect: () => provider.connect(),
    close() {
      clearTimeout(stalled);
      removeEventListener('offline', restart);
      removeEventListener('online', cameOnline);
      hold.drop();
      deafen();
      provider.destroy();
    },
  };
}

function readReset(decoder: Decoder): Reset {
  const epoch = readVarUint(decoder);
  return { epoch: String(epoch), reason: readVarString(decoder) };
}

/**
 * A socket that tells of each frame of content sent, and leaves out what the stock provider sends too much:
 *
 * 1. Updates made before the server has asked for our state: step 2, its answer, holds them, and an update ahead of it
 *    would leave a gap in our clock, which the server refuses.
 * 2. Awareness of others: the provider repeats to the server what it has just heard from it.
 */
function countingSocket(
  Base: typeof WebSocket,
  client: number,
  sent: () => void,
): typeof WebSocket {
  return class extends Base {
    #answered = false;

    override send(data: Parameters<WebSocket['send']>[0]): void {
      if (!(data instanceof Uint8Array)) return super.send(data);
      const [type, step] = data;
      if (type === boardFrame.awareness && !tellsOf(client, data)) return;
      const content =
        type === boardFrame.sync && (step === syncStep.step2 || step === syncStep.update);
      if (!content) return super.send(data);
      if (step === syncStep.step2) this.#answered = true;
      if (!this.#answered) return;
      super.send(data);
      sent();
    }
  };
}

/** Is this client among those whose awareness the frame tells? */
function tellsOf(client: number, frame: Uint8Array): boolean {
  const decoder = createDecoder(frame);
  readVarUint(decoder); // type
  readVarUint(decoder); // length
  for (let left = readVarUint(decoder); left > 0; left -= 1) {
    if (readVarUint(decoder) === client) return true;
    readVarUint(decoder); // clock
    readVarString(decoder);
  }
  return false;
}

/**
 * While composing, sync and awareness frames wait together: a caret that points into words not yet shown would
 * otherwise jump. Step 1 is a question, and is answered at once.
 */
function holdFrames(
  provider: Provider,
  hold: ComposeHold<HeldFrame>,
  onUpdate: BoardSocketParts['onUpdate'],
): (frames: readonly HeldFrame[]) => void {
  const stock = provider.messageHandlers.slice();
  for (const type of [boardFrame.sync, boardFrame.awareness]) {
    provider.messageHandlers[type] = (encoder, decoder, self, emitSynced, messageType) => {
      const rest = decoder.arr.slice(decoder.pos);
      const question = type === boardFrame.sync && rest[0] === syncStep.step1;
      if (!question && hold.keeps({ rest, type, ws: provider.ws })) return;
      stock[type]?.(encoder, decoder, self, emitSynced, messageType);
      if (type === boardFrame.sync && !question) onUpdate(updateIn(rest), false);
    };
  }
  return (frames) => {
    const play = ({ rest, type, ws }: HeldFrame) =>
      stock[type]?.(createEncoder(), createDecoder(rest), provider, ws === provider.ws, type);
    // one transaction, and not a local one: it must not be sent back
    Y.transact(
      provider.doc,
      () => frames.filter(({ type }) => type === boardFrame.sync).forEach(play),
      provider,
      false,
    );
    frames.filter(({ type }) => type === boardFrame.awareness).forEach(play);
    for (const { rest, type } of frames)
      if (type === boardFrame.sync) onUpdate(updateIn(rest), false);
  };
}

/** A step 2 or an update: its number, then the bytes. */
function updateIn(rest: Uint8Array): Uint8Array {
  const decoder = createDecoder(rest);
  readVarUint(decoder);
  return readVarUint8Array(decoder);
}
