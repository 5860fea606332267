import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Check } from '../../contract/index.ts';

/** Whether the server could listen there now. */
export async function checkPort({
  host,
  port,
}: {
  readonly host: string;
  readonly port: number;
}): Promise<Check> {
  const name = 'Address';
  const address = `${host}:${port}`;
  if (port === 0) return { name, status: 'ok', message: `${host}, on any free port.`, hint: null };
  const server = createServer();
  try {
    server.listen({ host, port });
    await once(server, 'listening');
    return { name, status: 'ok', message: `${address} is free.`, hint: null };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE')
      return {
        name,
        status: 'warning',
        message: `${address} is in use.`,
        hint: 'If that is this server, all is well. Else choose another with PORT or --port.',
      };
    return {
      name,
      status: 'failed',
      message: `The server cannot listen on ${address}: ${error instanceof Error ? error.message : error}`,
      hint: 'Choose another address with HOST, or a port of 1024 or above.',
    };
  } finally {
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  }
}
