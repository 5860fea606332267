import { z } from 'zod';

/**
 * Schemas for single environment variables: text in, a typed value out. Their messages say what was expected;
 * the name and the value are added where the problems are gathered.
 */

/** A whole number in plain decimal digits, bounds included. */
export function integer(bounds: { readonly min: number; readonly max: number; readonly unit?: string }) {
  const { min, max, unit } = bounds;
  return z.string().transform((text, context) => {
    const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    const ofUnit = unit === undefined ? '' : ` of ${unit}`;
    context.addIssue(`expected a whole number${ofUnit} from ${min} to ${max}`);
    return z.NEVER;
  });
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
  return z.string().transform((text, context) => {
    const value = booleans.get(text.toLowerCase());
    if (value !== undefined) return value;
    context.addIssue('expected true, 1 or yes, or else false, 0 or no');
    return z.NEVER;
  });
}

/** One of the given words, in any case; the result has the spelling of the list. */
export function oneOf<const Word extends string>(words: readonly Word[]) {
  return z.string().transform((text, context) => {
    const word = words.find((candidate) => candidate.toLowerCase() === text.toLowerCase());
    if (word !== undefined) return word;
    context.addIssue(`expected one of ${words.join(', ')}`);
    return z.NEVER;
  });
}

/** Text that is taken as it is. */
export function text() {
  return z.string();
}

/** A secret: taken to the letter, at least so many characters long. */
export function secret(minLength: number, hint: string) {
  return z.string().min(minLength, `must have at least ${minLength} characters; ${hint}`);
}

/** A host name or address to listen on: no scheme, no port. */
export function host() {
  return z
    .string()
    .regex(/^[A-Za-z0-9._:%-]+$/, 'expected a host name or an IP address alone, such as 127.0.0.1 or ::1');
}

/** A JSON object whose values are all non-empty strings. */
export function stringMap(example: string) {
  return z.string().transform((text, context) => {
    const map = stringMapSchema.safeParse(parseJson(text));
    if (map.success) return map.data;
    context.addIssue(`expected a JSON object of strings, such as ${example}`);
    return z.NEVER;
  });
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
  return z.string().transform((list, context): '*' | readonly string[] => {
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
