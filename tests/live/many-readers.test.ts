import net from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { createFeed } from '../../server/live/feed.ts';
import type { Connection, LiveNamespace } from '../../server/live/connection.ts';
import { Room } from '../../server/live/room.ts';
import { PROTOCOL } from '../../shared/wire/version.ts';
import { guest, Meeting, mona } from '../shared/consultation/meeting.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage | undefined;
afterEach(async () => {
  await stage?.close();
  stage = undefined;
});

/** A feed whose emissions are counted instead of sent: each of them is one encoding. */
function countedFeed() {
  const emissions: { readers: number; span: { from: number; to: number } }[] = [];
  const emitTo = (readers: number) => (_name: string, span: { from: number; to: number }) =>
    void emissions.push({ readers, span });
  const nsp = { local: { to: (ids: string[]) => ({ emit: emitTo(ids.length) }) } };
  const feed = createFeed(nsp as unknown as LiveNamespace, () => 0);
  const reader = (person: string): Connection =>
    ({
      socket: { id: `s ${person}`, emit: emitTo(1) },
      actor: { person, role: 'public', name: '' },
      sentTo: 0,
      awaits: 0,
    }) as unknown as Connection;
  return { feed, emissions, reader };
}

test('[LIV8] five thousand citizens cost one encoding per event, and those who acted one more each', () => {
  const meeting = new Meeting();
  const opened = { type: 'consultation.opened', data: {} } as const;
  meeting.happen(opened);
  const room = new Room('m1', meeting);
  const { feed, emissions, reader } = countedFeed();
  const citizens = Array.from({ length: 5_000 }, (_, number) => reader(`g_${number}`));
  for (const citizen of citizens) {
    citizen.sentTo = room.head;
    room.add(citizen);
  }
  const append = (happens: () => void) => {
    const before = meeting.events.length;
    happens();
    feed.deliver(room, room.take(meeting.events.slice(before), meeting.state));
  };
  append(() => meeting.happen({ type: 'consultation.paused', data: {} }));
  expect(emissions.map(({ readers }) => readers)).toEqual([5_000]);

  emissions.length = 0;
  const supported = {
    type: 'opinion.supported',
    data: { opinion: 'o', as: 'public', on: true },
  } as const;
  for (let number = 0; number < 10; number += 1) {
    append(() => meeting.happen(supported, { ...guest, person: `g_${number}` }));
  }
  expect(emissions.map(({ readers }) => readers)).toEqual(Array(10).fill(1));

  emissions.length = 0;
  append(() => meeting.happen({ type: 'consultation.resumed', data: {} }));
  expect(emissions.length).toBe(11); // as many as there are different beginnings
  expect(emissions.reduce((sum, { readers }) => sum + readers, 0)).toBe(5_000);
  expect(new Set(citizens.map(({ sentTo }) => sentTo))).toEqual(new Set([room.head]));

  emissions.length = 0;
  append(() => meeting.happen({ type: 'consultation.ended', data: {} }));
  expect(emissions.map(({ readers }) => readers)).toEqual([5_000]);
});

test('[LIV2] whose command came to something hidden from them gets an empty span, once it is known here', () => {
  const meeting = new Meeting();
  meeting.happen({ type: 'consultation.opened', data: {} });
  const room = new Room('m1', meeting);
  const { feed, emissions, reader } = countedFeed();
  const citizen = reader('g_1');
  citizen.sentTo = room.head;
  room.add(citizen);
  const hidden = () => {
    const before = meeting.events.length;
    meeting.happen({ type: 'floor.withdrawn', data: { person: 'alice' } });
    return () => feed.deliver(room, room.take(meeting.events.slice(before), meeting.state));
  };
  hidden()();
  expect(emissions).toEqual([]);
  feed.reach(room, citizen, 2);
  expect(emissions.map(({ span }) => span)).toEqual([{ from: 2, to: 2, events: [] }]);
  // the other node's append is not read yet: the span waits for it
  const deliver = hidden();
  feed.reach(room, citizen, 3);
  expect(emissions.length).toBe(1);
  deliver();
  expect(emissions[1]?.span).toEqual({ from: 3, to: 3, events: [] });
  feed.reach(room, citizen, 3);
  hidden()();
  expect(emissions.length).toBe(2);
});

test('[LIV6] a connection that does not read is cut off, and nobody else notices', async () => {
  stage = await openStage({
    limits: { unsentBytes: 256 * 1024, personCommands: { burst: 1e6, perSecond: 1e6 } },
  });
  await stage.meeting();
  const reader = await stage.connect('bob').ready();
  const stuck = await connectRaw(stage.url, 'carol');
  await expect.poll(() => stage!.live.figures().connections).toBe(2);
  stuck.pause(); // from here on it takes nothing from the network
  const stages = (round: number) =>
    Array.from({ length: 60 }, (_, number) => ({
      id: `s${number}`,
      title: `${round} ${'长'.repeat(50)}`,
      minutes: 1,
    }));
  let seq = 0;
  for (let round = 0; round < 4_000 && stage.live.figures().connections === 2; round += 1) {
    seq = await stage.send(mona, 'agenda.set', { stages: stages(round) }); // 12 KB
  }
  expect(stage.live.figures().connections).toBe(1);
  await reader.until(({ state }) => state.seq === seq);
  expect(reader.faults).toEqual([]);
  stuck.destroy();
  // when it returns it catches up
  const back = await stage.connect('carol', { since: seq - 2 }).ready();
  expect(back.state.seq).toBe(seq);
}, 60_000);

/** A WebSocket on a bare TCP connection that can stop reading. */
async function connectRaw(url: string, person: string): Promise<net.Socket> {
  const { hostname, port } = new URL(url);
  const socket = net.connect(Number(port), hostname);
  socket.on('error', () => undefined);
  const handshake = [
    'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
    `Host: ${hostname}:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    `Cookie: who=${person}`,
    '\r\n',
  ].join('\r\n');
  socket.write(handshake);
  let text = '';
  socket.on('data', (data) => (text += data.toString('utf8')));
  await vi.waitUntil(() => text.includes('pingInterval'));
  socket.write(masked(`40/live,${JSON.stringify({ consultation: 'm1', protocol: PROTOCOL })}`));
  await vi.waitUntil(() => text.includes('snapshot'));
  return socket;
}

/** A client's text frame of less than 126 bytes, masked with zeros. */
function masked(text: string): Buffer {
  const payload = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}
