import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { invalidValue } from '../../openai/index.ts';

/** What a request says of how its client repeats it. */
export interface Repetition {
  /** Owner, endpoint and `Idempotency-Key`; absent: it brings none. */
  readonly key?: string;
  /** The key is the client's own word, not one that its library makes for every request. */
  readonly deliberate: boolean;
  /** Owner, endpoint, body, and the headers that change the answer. */
  readonly content: string;
  /** How often it was sent before; absent: its client does not count. */
  readonly tries?: number;
  /** After how many milliseconds its client gives up; absent: not by the clock. */
  readonly timeoutMs?: number;
  /** The client said so itself. */
  readonly timeoutTold: boolean;
  /** The library. */
  readonly client: string | undefined;
}

/** What is asked of the request: its raw body is too long to be kept, so its digest is. */
export interface RepeatableRequest {
  readonly owner: string;
  readonly endpoint: string;
  readonly headers: IncomingHttpHeaders;
  readonly bodyDigest: string;
}

const longestKey = 255;
/** What openai-node waits unless it is told otherwise; it tells only a time-out that was given with the request. */
const usualTimeoutMs = 600_000;

/** Only such requests are ever repeated in a way that can be recognised. */
export function mayBeRepeated(headers: IncomingHttpHeaders): boolean {
  return headers['x-stainless-retry-count'] !== undefined || headers['idempotency-key'] !== undefined;
}

/** Throws a WireError (400) for a key that is none. */
export function readRepetition({ owner, endpoint, headers, bodyDigest }: RepeatableRequest): Repetition {
  const given = text(headers['idempotency-key']);
  if (given !== undefined && (given === '' || given.length > longestKey))
    throw invalidValue(
      'Idempotency-Key',
      `Invalid 'Idempotency-Key': expected 1 to ${longestKey} characters.`,
    );
  const tries = count(headers['x-stainless-retry-count']);
  const told = seconds(headers['x-stainless-timeout']) ?? seconds(headers['x-stainless-read-timeout']);
  const timeoutMs = told ?? (headers['x-stainless-lang'] === 'js' ? usualTimeoutMs : undefined);
  return {
    ...(given !== undefined && { key: digest(owner, endpoint, given) }),
    deliberate: given !== undefined && !given.startsWith('stainless-'),
    content: digest(owner, endpoint, bodyDigest, ...ownHeaders(headers)),
    ...(tries !== undefined && { tries }),
    ...(tries !== undefined && timeoutMs !== undefined && { timeoutMs }),
    timeoutTold: told !== undefined,
    client: headers['user-agent'],
  };
}

export function digest(...texts: readonly string[]): string {
  const hash = createHash('sha256');
  // Each after its length, so that no two lists look alike.
  for (const one of texts) hash.update(`${one.length}:`).update(one);
  return hash.digest('base64');
}

function ownHeaders(headers: IncomingHttpHeaders): string[] {
  return Object.keys(headers)
    .filter((name) => name.startsWith('x-claudecode-'))
    .sort()
    .flatMap((name) => [name, String(headers[name])]);
}

function text(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value.trim() : undefined;
}

function count(value: string | string[] | undefined): number | undefined {
  return typeof value === 'string' && /^\d{1,4}$/.test(value) ? Number(value) : undefined;
}

function seconds(value: string | string[] | undefined): number | undefined {
  return typeof value === 'string' && /^\d{1,9}(\.\d+)?$/.test(value) ? Number(value) * 1000 : undefined;
}
