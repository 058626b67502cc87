// A client's half of a WebSocket, as light as it can be: the load must not weigh more than what it measures.
import { randomBytes } from 'node:crypto';
import net from 'node:net';

const MASK = Buffer.from([0x5a, 0xc3, 0x3c, 0xa5]);
const opcode = { binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** A message as a client's frame, masked as the standard wants it. Made once, however often it is sent. */
export function clientFrame(message: Uint8Array, code: number = opcode.binary): Buffer {
  const { length } = message;
  const header = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(header + 4 + length);
  frame[0] = 0x80 | code;
  frame[1] = 0x80 | (header === 2 ? length : header === 4 ? 126 : 127);
  if (header === 4) frame.writeUInt16BE(length, 2);
  if (header === 10) frame.writeBigUInt64BE(BigInt(length), 2);
  MASK.copy(frame, header);
  for (let at = 0; at < length; at += 1)
    frame[header + 4 + at] = (message[at] ?? 0) ^ (MASK[at & 3] ?? 0);
  return frame;
}

/** Cuts a server's bytes into frames. `hear` is given a place in bytes that are the reader's only until it returns. */
export class FrameReader {
  #rest: Buffer | undefined;
  readonly #hear: (code: number, bytes: Buffer, from: number, to: number) => void;

  constructor(hear: (code: number, bytes: Buffer, from: number, to: number) => void) {
    this.#hear = hear;
  }

  read(chunk: Buffer): void {
    const bytes = this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk;
    let at = 0;
    while (at + 2 <= bytes.length) {
      const short = (bytes[at + 1] ?? 0) & 0x7f;
      const header = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (at + header > bytes.length) break;
      const length =
        header === 2
          ? short
          : header === 4
            ? bytes.readUInt16BE(at + 2)
            : Number(bytes.readBigUInt64BE(at + 2));
      if (at + header + length > bytes.length) break;
      this.#hear((bytes[at] ?? 0) & 0x0f, bytes, at + header, at + header + length);
      at += header + length;
    }
    this.#rest = at < bytes.length ? Buffer.from(bytes.subarray(at)) : undefined;
  }
}

export interface Address {
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Line {
  send(frame: Buffer): void;
  /** Without a word: the far side notices. */
  end(): void;
  /** Resolves when the connection is gone, whoever ended it. */
  readonly closed: Promise<void>;
}

export type Hear = (bytes: Buffer, from: number, to: number) => void;

// everybody reads into the same bytes, one after another
const inbox = Buffer.allocUnsafe(256 * 1024);

/** Opens a WebSocket. Rejects when the server does not let it in. */
export function openLine({ port, path, headers }: Address, hear: Hear): Promise<Line> {
  return new Promise((resolve, reject) => {
    let greeting: Buffer | undefined = Buffer.alloc(0);
    const reader = new FrameReader((code, bytes, from, to) => {
      if (code === opcode.binary) hear(bytes, from, to);
      else if (code === opcode.ping)
        socket.write(clientFrame(bytes.subarray(from, to), opcode.pong));
      else if (code === opcode.close) socket.end();
    });
    const take = (size: number, bytes: Uint8Array): boolean => {
      const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, size);
      if (!greeting) {
        reader.read(chunk);
        return true;
      }
      greeting = Buffer.concat([greeting, chunk]);
      const end = greeting.indexOf('\r\n\r\n');
      if (end < 0) return true;
      const rest = greeting.subarray(end + 4);
      if (!greeting.toString('latin1', 0, 12).endsWith('101')) {
        reject(new Error(`not let in: ${greeting.toString('latin1', 0, end)}`));
        socket.destroy();
        return true;
      }
      greeting = undefined;
      const send = (frame: Buffer) => void socket.write(frame);
      resolve({ send, end: () => socket.destroy(), closed });
      if (rest.length > 0) queueMicrotask(() => reader.read(rest));
      return true;
    };
    const socket = net.connect({
      port,
      host: '127.0.0.1',
      onread: { buffer: inbox, callback: take },
    });
    const closed = new Promise<void>((gone) => socket.once('close', () => gone()));
    socket.setNoDelay(true);
    socket.on('error', (error) => reject(error));
    void closed.then(() => reject(new Error('closed before the handshake')));
    socket.write(handshake(port, path, headers));
  });
}

function handshake(port: number, path: string, headers: Address['headers']): string {
  const lines = [
    `GET ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}
