import type { Plugin } from 'vite';
import { type Endpoint, endpoints } from '../../src/contract/index.ts';

const name = 'virtual:endpoints';
const resolved = `\0${name}`;

/**
 * Offers method, path and kind of answer of each endpoint as the module `virtual:endpoints`: the browser needs no
 * more of the contract, and so not its schemas either.
 */
export function listEndpoints(): Plugin {
  return {
    name: 'list-endpoints',
    resolveId: (id) => (id === name ? resolved : undefined),
    load: (id) => (id === resolved ? `export default ${JSON.stringify(list())};` : undefined),
  };
}

function list(): Record<string, readonly string[]> {
  const all: Readonly<Record<string, Endpoint>> = endpoints;
  return Object.fromEntries(
    Object.entries(all).map(([key, { method, path, response }]) => [
      key,
      [method, path, typeof response === 'string' ? response : 'json'],
    ]),
  );
}
