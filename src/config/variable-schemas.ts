import { isIP } from 'node:net';
import { z } from 'zod';
import { type SettingKind, settingKind } from '../contract/index.ts';

/**
 * Schemas for single environment variables: text in, a typed value out. Their messages say what was expected;
 * the name and the value are added where the problems are gathered.
 */

/** A whole number in plain decimal digits, bounds included. */
export function integer(bounds: { readonly min: number; readonly max: number; readonly unit?: string }) {
  const { min, max, unit } = bounds;
  const schema = z.string().transform((text, context) => {
    const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    const ofUnit = unit === undefined ? '' : ` of ${unit}`;
    context.addIssue(`expected a whole number${ofUnit} from ${min} to ${max}`);
    return z.NEVER;
  });
  return withKind(schema, { type: 'integer', min, max, unit: unit ?? null });
}

const booleans = new Map([
  ['true', true],
  ['1', true],
  ['yes', true],
  ['false', false],
  ['0', false],
  ['no', false],
]);

/** true, 1, yes, false, 0, no, in any case. */
export function flag() {
  const schema = z.string().transform((text, context) => {
    const value = booleans.get(text.toLowerCase());
    if (value !== undefined) return value;
    context.addIssue('expected true, 1 or yes, or else false, 0 or no');
    return z.NEVER;
  });
  return withKind(schema, { type: 'flag' });
}

/** One of the given words, in any case; the result has the spelling of the list. */
export function oneOf<const Word extends string>(words: readonly Word[]) {
  const schema = z.string().transform((text, context) => {
    const word = words.find((candidate) => candidate.toLowerCase() === text.toLowerCase());
    if (word !== undefined) return word;
    context.addIssue(`expected one of ${words.join(', ')}`);
    return z.NEVER;
  });
  return withKind(schema, { type: 'choice', options: [...words] });
}

/** Text that is taken as it is. */
export function text() {
  return z.string();
}

/** A secret: taken to the letter, at least so many characters long. */
export function secret(minLength: number, hint: string) {
  return z.string().min(minLength, `must have at least ${minLength} characters; ${hint}`);
}

/** A secret of Standard Webhooks: `whsec_` and 24 to 64 bytes as base64. */
export function signingSecret() {
  return z
    .string()
    .refine(
      isSigningSecret,
      'expected whsec_ and 24 to 64 bytes as base64; make one with `echo "whsec_$(openssl rand -base64 32)"`',
    );
}

function isSigningSecret(text: string): boolean {
  const encoded = /^whsec_((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/.exec(text)?.[1];
  const { length } = Buffer.from(encoded ?? '', 'base64');
  return length >= 24 && length <= 64;
}

/** An http or https URL. Those with a user's name in them are refused: fetch does not take them. */
export function webAddress() {
  return z
    .string()
    .trim()
    .refine(
      isWebAddress,
      'expected an http or https URL without a user name, such as https://example.com/hook',
    );
}

function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}

/** A host name or address to listen on: no scheme, no port. */
export function host() {
  return z
    .string()
    .regex(/^[A-Za-z0-9._:%-]+$/, 'expected a host name or an IP address alone, such as 127.0.0.1 or ::1');
}

/** `false`, a number of proxies, or a comma-separated list of addresses and networks. */
export function proxyTrust() {
  return z.string().transform((text, context): false | number | readonly string[] => {
    if (booleans.get(text.toLowerCase()) === false) return false;
    if (/^[1-9]\d?$/.test(text)) return Number(text);
    const items = text.split(',').flatMap((item) => item.trim() || []);
    if (items.length > 0 && items.every(isNetwork)) return items;
    context.addIssue(
      'expected false, a number of proxies from 1 to 99, or a comma-separated list of addresses and networks such as 10.0.0.0/8',
    );
    return z.NEVER;
  });
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

/** A JSON object whose values are all non-empty strings. */
export function stringMap(example: string) {
  const schema = z.string().transform((text, context) => {
    const map = stringMapSchema.safeParse(parseJson(text));
    if (map.success) return map.data;
    context.addIssue(`expected a JSON object of strings, such as ${example}`);
    return z.NEVER;
  });
  return withKind(schema, { type: 'map' });
}

const stringMapSchema = z.record(z.string(), z.string().trim().min(1));

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `*`, or a comma-separated list of origins (scheme, host and port, no path). */
export function originList() {
  const schema = z.string().transform((list, context): '*' | readonly string[] => {
    const items = list.split(',').flatMap((item) => item.trim() || []);
    if (items.includes('*')) {
      if (items.length === 1) return '*';
      context.addIssue('* already allows every origin: give either * alone or a list without it');
      return z.NEVER;
    }
    const origins = items.map(normaliseOrigin);
    if (origins.length > 0 && origins.every((origin) => origin !== undefined)) return origins;
    context.addIssue('expected * or a comma-separated list of origins such as https://chat.example.com');
    return z.NEVER;
  });
  return withKind(schema, { type: 'origins' });
}

/** The origin as browsers send it, or undefined where the text is not one. */
function normaliseOrigin(text: string): string | undefined {
  if (text.includes('*') || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const bare = url.pathname === '' || url.pathname === '/';
  if (!bare || url.search || url.hash || url.username || url.password || !url.host) return undefined;
  // URL.origin is "null" for the schemes of browser extensions and editors, which do send an Origin header.
  return `${url.protocol}//${url.host}`;
}

/** Notes how values of a variable are given and shown elsewhere than in an environment. */
function withKind<Schema extends z.ZodType>(schema: Schema, kind: SettingKind): Schema {
  return schema.meta({ kind });
}

/** Text where nothing else was noted. */
export function kindOf(schema: z.ZodType): SettingKind {
  if (schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional) {
    const inner = schema.unwrap();
    return inner instanceof z.ZodType ? kindOf(inner) : { type: 'text' };
  }
  return settingKind.safeParse(schema.meta()?.['kind']).data ?? { type: 'text' };
}
