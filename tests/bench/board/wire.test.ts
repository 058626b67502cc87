import { expect, test } from 'vitest';
import { wireFrame } from '../../../server/board/frames.ts';
import { clientFrame, FrameReader } from './wire.ts';

const messages = [Buffer.from('短'), Buffer.alloc(300, 7), Buffer.alloc(70_000, 8)];

test('a server’s frames are read whole, wherever the network cuts them', () => {
  const stream = Buffer.concat(messages.map((message) => wireFrame(message)));
  for (const size of [1, 3, 1_000, stream.length]) {
    const heard: Buffer[] = [];
    const reader = new FrameReader((_code, bytes, from, to) =>
      heard.push(Buffer.from(bytes.subarray(from, to))),
    );
    for (let at = 0; at < stream.length; at += size) reader.read(stream.subarray(at, at + size));
    expect(heard.map((bytes) => Buffer.compare(bytes, messages[heard.indexOf(bytes)]!))).toEqual([
      0, 0, 0,
    ]);
  }
});

test('a client’s frame is masked, and says how long it is', () => {
  for (const message of messages) {
    const frame = clientFrame(message);
    const header = frame.length - message.length;
    const mask = frame.subarray(header - 4, header);
    expect(frame[1]! & 0x80).toBe(0x80);
    const bare = frame.subarray(header).map((byte, at) => byte ^ mask[at & 3]!);
    expect(Buffer.compare(Buffer.from(bare), message)).toBe(0);
  }
});
