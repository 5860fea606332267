import type { IncomingHttpHeaders } from 'node:http';
import type { Caller } from '../access/index.ts';

export type { Caller };

/** Says who asks. Rejects with an AccessError or a WireError where nobody may. */
export interface Authenticator {
  authenticate(secret: string | undefined): Promise<Caller>;
}

/**
 * The key that a request brings: the token of an `Authorization: Bearer …` header, or, as clients made for Azure or
 * for Anthropic send it, `api-key` or `x-api-key`. Undefined where there is none.
 */
export function keyIn(headers: IncomingHttpHeaders): string | undefined {
  return bearerToken(headers.authorization) ?? text(headers['api-key']) ?? text(headers['x-api-key']);
}

function bearerToken(authorization: string | undefined): string | undefined {
  return text(/^Bearer\s+(\S+)\s*$/i.exec(authorization ?? '')?.[1]);
}

function text(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
