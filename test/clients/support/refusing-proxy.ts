import { once } from 'node:events';
import { createServer } from 'node:net';

export interface RefusingProxy extends Disposable {
  /** The first line of each request for somebody else than this machine. */
  readonly strayed: readonly string[];
  /** The variables by which programs learn to ask it for everything but loopback. */
  readonly variables: Readonly<Record<string, string>>;
}

/** A proxy for everything but loopback; it notes what is asked of it, and refuses. */
export async function startRefusingProxy(): Promise<RefusingProxy> {
  const strayed: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (head) => {
      strayed.push(head.toString('latin1').split('\r\n', 1)[0] ?? '');
      socket.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const url = `http://127.0.0.1:${address.port}`;
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'];
  const proxies = names.flatMap((name) => [name, name.toLowerCase()]).map((name) => [name, url]);
  return {
    strayed,
    variables: { ...Object.fromEntries(proxies), NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' },
    [Symbol.dispose]: () => {
      server.close();
    },
  };
}
