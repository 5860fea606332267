import { isJsonObject } from '../../turn/index.ts';
import { invalidType, invalidValue } from '../errors.ts';
import { describeType } from '../parse-body.ts';

const maxPairs = 16;
const maxKeyLength = 64;
const maxValueLength = 512;

/** `metadata` of a response or a conversation: at most 16 pairs of short texts. Throws a 400 WireError. */
export function decodeMetadata(value: unknown): Readonly<Record<string, string>> {
  if (value === undefined || value === null) return {};
  if (!isJsonObject(value)) throw invalidType('metadata', 'an object', describeType(value));
  const pairs = Object.entries(value);
  if (pairs.length > maxPairs) {
    throw invalidValue(
      'metadata',
      `Invalid 'metadata': too many properties. Expected an object with at most ${maxPairs} properties, but got ` +
        `an object with ${pairs.length} properties instead.`,
    );
  }
  return Object.fromEntries(pairs.map(([key, text]) => [requireKey(key), requireText(key, text)]));
}

function requireKey(key: string): string {
  if (key.length <= maxKeyLength) return key;
  throw invalidValue(
    'metadata',
    `Invalid 'metadata': property name too long. Expected at most ${maxKeyLength} characters, but got ${key.length}.`,
  );
}

function requireText(key: string, text: unknown): string {
  const param = `metadata.${key}`;
  if (typeof text !== 'string') throw invalidType(param, 'a string', describeType(text));
  if (text.length <= maxValueLength) return text;
  throw invalidValue(
    param,
    `Invalid '${param}': string too long. Expected a string with maximum length ${maxValueLength}, but got a ` +
      `string with length ${text.length} instead.`,
  );
}
