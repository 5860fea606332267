import type { IncomingMessage } from 'node:http';
import { newId } from './new-id.ts';

const sane = /^[\x21-\x7e]{1,128}$/;

/** The client's own `x-request-id` where it is short and printable, else a new `req_…`. */
export function requestIdOf(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && sane.test(given) ? given : newId('req_');
}
