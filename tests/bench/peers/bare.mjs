// The bare limit: every frame that comes is copied to all others of the room, encoded once. It knows no document; the
// whole board that someone brings as step 2 is kept as it came, for those who ask.
import { Buffer } from 'node:buffer';
import { createServer } from 'node:http';
import { Sender, WebSocketServer } from 'ws';

const SYNC = 0;
const [STEP1, STEP2] = [0, 1];
/** A step 2 that brings nothing is four bytes long. */
const EMPTY = 8;
const roomByPath = new Map();

const server = createServer((_request, response) => response.end('bare'));
const sockets = new WebSocketServer({ server, perMessageDeflate: false, clientTracking: false });

function frameOf(message) {
  const options = { fin: true, opcode: 2, mask: false, readOnly: true, rsv1: false };
  return Buffer.concat(Sender.frame(message, options));
}

sockets.on('connection', (ws, { url, socket }) => {
  const room = roomByPath.get(url) ?? { sockets: new Set(), board: undefined };
  roomByPath.set(url, room);
  room.sockets.add(socket);
  ws.on('message', (message) => {
    if (message[0] === SYNC && message[1] === STEP1) {
      socket.write(room.board ?? frameOf(Buffer.from([SYNC, STEP2, 2, 0, 0])));
    } else if (message[0] === SYNC && message[1] === STEP2) {
      if (message.length > EMPTY) room.board = frameOf(message);
    } else {
      const frame = frameOf(message);
      for (const other of room.sockets) if (other !== socket) other.write(frame);
    }
  });
  ws.on('error', () => undefined);
  ws.on('close', () => room.sockets.delete(socket));
});
server.listen(Number(process.env.PORT), '127.0.0.1');
