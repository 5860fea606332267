import type { RecordDetail } from '../../contract/index.ts';
import { censor, secretFields } from '../redact.ts';
import { cleanField } from './clean-field.ts';
import { placeholder } from './copy-json.ts';
import { isSecretField } from './known-fields.ts';
import { isTellingHeader } from './telling-headers.ts';

type Headers = NonNullable<RecordDetail['requestHeaders']>;

export interface KeptHeaders {
  /** Null: there are none. */
  readonly headers: Headers | null;
  /** As JSON. */
  readonly bytes: number;
}

/** Of the headers of a request, or of an answer, as JSON. */
export const mostHeaderBytes = 16 * 1024;

const longestName = 200;
const longestValue = 1024;
/** Room for what says that some were left out. */
const markBytes = 40;

/**
 * Headers as a record has them: without secrets and within a bound, in their order.
 * @param raw names and values in turn.
 */
export function keepHeaders(
  raw: readonly string[] | undefined,
  { level, maxBytes }: { readonly level: 'redacted' | 'full'; readonly maxBytes: number },
): KeptHeaders {
  if (raw === undefined) return sized(null);
  const headers: Headers = [];
  let left = maxBytes - markBytes;
  let leftOut = 0;
  for (const [name, value] of cleanPairs(raw)) {
    const pair: [string, string] = [name, level === 'full' ? value : withoutText(name, value)];
    const bytes = sizeOf(pair) + 1;
    if (bytes <= left) {
      headers.push(pair);
      left -= bytes;
    } else leftOut += 1;
  }
  if (leftOut > 0) headers.push(['…', `[${leftOut} more]`]);
  return sized(headers);
}

/** Headers without their secrets, names and values in turn, for whoever keeps them until `keepHeaders`. */
export function maskHeaders(raw: readonly string[]): string[] {
  return cleanPairs(raw).flat();
}

function cleanPairs(raw: readonly string[]): Headers {
  const pairs: Headers = [];
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const [name = '', value = ''] = [raw[at]?.toLowerCase(), raw[at + 1]];
    pairs.push([cleanField(name, longestName), isSecretHeader(name) ? censor : cleanValue(value)]);
  }
  return pairs;
}

const secretNames = new Set(secretFields.map((field) => field.toLowerCase()));
/** Some are called keys and are none. */
const harmlessKeys = new Set(['idempotency-key', 'sec-websocket-key']);
const secretHeader = /(?:^|[-_])(?:key|auth|jwt|assertion|credentials?|session)$/;

/** Browsers, which can send no other header with a WebSocket, put keys into `sec-websocket-protocol`. */
function isSecretHeader(name: string): boolean {
  if (harmlessKeys.has(name)) return false;
  return (
    secretNames.has(name) ||
    isSecretField(name) ||
    secretHeader.test(name) ||
    name === 'sec-websocket-protocol'
  );
}

function cleanValue(value: string): string {
  // No secret takes twice its room once it is masked.
  const clean = cleanField(value, 2 * value.length);
  if (value.length <= longestValue) return clean;
  const end = `…[cut, ${value.length} characters]`;
  return clean.slice(0, longestValue - end.length).toWellFormed() + end;
}

/** As of bodies, only what tells how the request was made is kept where texts are not. */
function withoutText(name: string, value: string): string {
  return value === '' || value === censor || isTellingHeader(name)
    ? value
    : placeholder('text', value.length);
}

function sized(headers: Headers | null): KeptHeaders {
  return { headers, bytes: sizeOf(headers) };
}

function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
