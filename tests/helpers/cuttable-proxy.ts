// The network between a browser and the server, as a cable that can be pulled out: for what a browser's own switch for
// "offline" doesn't show, such as a lid that is closed and opened again.
import net from 'node:net';

export type Cut = 'nothing' | 'board' | 'everything';

export interface CuttableProxy {
  /** Where the browser finds the server. */
  readonly url: string;
  /** `board`: only the board's socket; `everything`: nothing passes at all, new connections are refused. */
  cut(what: Cut): void;
  close(): Promise<void>;
}

export async function startProxy(target: string): Promise<CuttableProxy> {
  const { hostname, port } = new URL(target);
  /** By the first line that it said: a connection is the board's, or another's. */
  const boardByPair = new Map<readonly [net.Socket, net.Socket], boolean>();
  let cutNow: Cut = 'nothing';
  const isCut = (board: boolean) => cutNow === 'everything' || (cutNow === 'board' && board);

  const proxy = net.createServer((near) => {
    near.on('error', () => near.destroy());
    if (cutNow === 'everything') return void near.destroy();
    near.once('data', (first) => {
      const board = first.toString('latin1').startsWith('GET /board/');
      if (isCut(board)) return void near.destroy();
      const far = net.connect(Number(port), hostname);
      const pair = [near, far] as const;
      boardByPair.set(pair, board);
      const end = () => {
        boardByPair.delete(pair);
        pair.forEach((socket) => socket.destroy());
      };
      far.on('error', end).on('close', end);
      near.on('close', end);
      far.write(first);
      near.pipe(far);
      far.pipe(near);
    });
  });
  proxy.listen(0, '127.0.0.1');
  await new Promise((resolve) => proxy.once('listening', resolve));
  const destroyCut = () => {
    for (const [pair, board] of [...boardByPair])
      if (isCut(board)) pair.forEach((socket) => socket.destroy());
  };
  return {
    url: `http://127.0.0.1:${(proxy.address() as net.AddressInfo).port}`,
    cut(what) {
      cutNow = what;
      destroyCut();
    },
    async close() {
      cutNow = 'everything';
      destroyCut();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}
