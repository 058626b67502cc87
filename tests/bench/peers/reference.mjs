// The reference server of Yjs with the store that it has always been shown with, on the `ws` that it brings itself.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { docs, setPersistence, setupWSConnection } from '@y/websocket-server/utils';
import { LeveldbPersistence } from 'y-leveldb';
import * as Y from 'yjs';

const its = createRequire(import.meta.resolve('@y/websocket-server/utils'));
const WebSocket = its('ws');

const store = new LeveldbPersistence(process.env.DATA_DIR);
setPersistence({
  provider: store,
  async bindState(name, doc) {
    const stored = await store.getYDoc(name);
    store.storeUpdate(name, Y.encodeStateAsUpdate(doc));
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(stored));
    doc.on('update', (update) => store.storeUpdate(name, update));
  },
  writeState: async () => undefined,
});

const sockets = new WebSocket.Server({ noServer: true });
sockets.on('connection', setupWSConnection);
const server = createServer((_request, response) => response.end('reference'));
server.on('upgrade', (request, socket, head) => {
  sockets.handleUpgrade(request, socket, head, (ws) => sockets.emit('connection', ws, request));
});
server.listen(Number(process.env.PORT), '127.0.0.1');

process.on('SIGTERM', async () => {
  docs.clear();
  await store.destroy();
  process.exit(0);
});
