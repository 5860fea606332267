import type { AddressInfo } from 'node:net';

/** Where clients on this machine find the server, such as `http://127.0.0.1:3000`; a wildcard address is told as loopback. */
export function originOf(host: string, address: AddressInfo | string | null): string {
  const local = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  const port = typeof address === 'object' ? address?.port : undefined;
  const name = local.includes(':') ? `[${local}]` : local;
  return `http://${name}${port === undefined ? '' : `:${port}`}`;
}
