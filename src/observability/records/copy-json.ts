import { censor } from '../redact.ts';
import { describeMedia, withoutMedia } from './describe-media.ts';
import { doAtOnce, type Work } from './in-pieces.ts';
import { isPathField, isSecretField, isStructure } from './known-fields.ts';
import type { PlainJson } from './plain-json.ts';
import { cleanText, redactText, storable } from './redact-text.ts';

export interface CopyOptions {
  /** `redacted`: the structure without the texts. Secrets are left out of both. */
  readonly level: 'redacted' | 'full';
  /** Most bytes of the copy as JSON; at least 16. */
  readonly maxBytes: number;
  /** Texts of more bytes than this are cut to about as many. */
  readonly maxTextBytes: number;
  /** It is the input of a tool: no text of it is structure. */
  readonly isCall?: boolean;
}

export interface JsonCopy {
  readonly value: PlainJson;
  /** Of the value, as JSON. */
  readonly bytes: number;
  /** Something was cut or left out for its size. */
  readonly truncated: boolean;
}

/** What holds for a value by the fields that it lies in. */
interface Place {
  readonly field: string;
  readonly isSecret: boolean;
  readonly isCall: boolean;
}

type Container = PlainJson[] | { [key: string]: PlainJson };

interface Frame {
  readonly source: object;
  /** Undefined for a list. */
  readonly keys: readonly string[] | undefined;
  readonly copy: Container;
  readonly place: Place;
  next: number;
}

const nodesAtATime = 200;
const deepest = 64;
const longestKey = 200;
const longestPath = 500;
const longestCall = 64 * 1024;

/**
 * Copies JSON within a bound, without secrets. What is too large for the bound is cut before it is looked at, so the
 * work is bounded as well.
 */
export function* copyJson(source: unknown, options: CopyOptions): Work<JsonCopy> {
  const copier = new Copier(options);
  const value = copier.begin(source);
  for (let steps = 1; copier.step(); steps++) if (steps % nodesAtATime === 0) yield;
  return { value, bytes: options.maxBytes - copier.left, truncated: copier.truncated };
}

class Copier {
  left: number;
  truncated = false;
  readonly #options: CopyOptions;
  readonly #frames: Frame[] = [];

  constructor(options: CopyOptions) {
    this.#options = options;
    this.left = options.maxBytes;
  }

  begin(source: unknown): PlainJson {
    const place = { field: '', isSecret: false, isCall: this.#options.isCall ?? false };
    const copy = this.#copy(source, place);
    if (copy !== undefined) return copy;
    this.truncated = true;
    this.#charge(jsonBytes(null));
    return null;
  }

  /** Copies the next member of the innermost container; false where all is done. */
  step(): boolean {
    const frame = this.#frames.at(-1);
    if (frame === undefined) return false;
    const { source, keys, copy, place } = frame;
    const index = frame.next++;
    if (keys === undefined && Array.isArray(source) && Array.isArray(copy)) {
      if (index >= source.length) this.#frames.pop();
      else if (!this.#charge(1) || !this.#append(copy, this.#copy(source[index], place))) this.#giveUp();
      return true;
    }
    const key = keys?.[index];
    if (key === undefined || Array.isArray(copy)) this.#frames.pop();
    else this.#member(copy, key, Reflect.get(source, key), place);
    return true;
  }

  #member(copy: { [key: string]: PlainJson }, key: string, value: unknown, place: Place): void {
    if (value === undefined) return;
    const name = cleanText(key, longestKey);
    const inner: Place = {
      field: key,
      isSecret: place.isSecret || isSecretField(key),
      isCall: place.isCall || key === 'arguments',
    };
    const copied = this.#charge(jsonBytes(name) + 2) ? this.#copy(value, inner) : undefined;
    if (copied === undefined) this.#giveUp();
    // It would set the prototype.
    else if (name !== '__proto__') copy[name] = copied;
  }

  #append(copy: PlainJson[], value: PlainJson | undefined): boolean {
    if (value === undefined) return false;
    copy.push(value);
    return true;
  }

  /** The innermost container has room for no more. */
  #giveUp(): void {
    this.truncated = true;
    this.#frames.pop();
  }

  #charge(bytes: number): boolean {
    if (bytes > this.left) return false;
    this.left -= bytes;
    return true;
  }

  /** Undefined where it does not fit. The members of a container follow by `step`. */
  #copy(value: unknown, place: Place): PlainJson | undefined {
    if (typeof value === 'string') return this.#text(value, place);
    if (typeof value === 'number' && place.isSecret) return this.#leaf(censor);
    if (typeof value === 'number' && Number.isFinite(value)) return this.#leaf(value);
    if (typeof value === 'boolean') return this.#leaf(value);
    if (typeof value !== 'object' || value === null) return this.#leaf(null);
    if (this.#frames.length >= deepest) {
      this.truncated = true;
      return this.#leaf('[more]');
    }
    if (!this.#charge(2)) return undefined;
    const isList = Array.isArray(value);
    const copy: Container = isList ? [] : {};
    this.#frames.push({ source: value, keys: isList ? undefined : Object.keys(value), copy, place, next: 0 });
    return copy;
  }

  #leaf<Leaf extends PlainJson>(leaf: Leaf): Leaf | undefined {
    return this.#charge(jsonBytes(leaf)) ? leaf : undefined;
  }

  #text(text: string, place: Place): PlainJson | undefined {
    const copied = this.#leaf(this.#clean(text, place));
    if (copied !== undefined) return copied;
    this.truncated = true;
    return this.#leaf('[cut]');
  }

  #clean(text: string, place: Place): string {
    if (place.isSecret) return censor;
    const media = describeMedia(text);
    if (media !== undefined) return media;
    if (place.field === 'arguments') {
      const call = this.#copyCall(text);
      if (call !== undefined) return call;
    }
    if (this.#options.level === 'full') return this.#cut(text);
    const { field, isCall } = place;
    if (isPathField(field) && text.length <= longestPath && !text.includes('\n'))
      return storable(redactText(text));
    const clean = isCall || text.length > longestPath ? undefined : redactText(text);
    return clean !== undefined && isStructure(field, clean) ? clean : placeholder('text', text.length);
  }

  /** The arguments of a call are JSON in a text. */
  #copyCall(text: string): string | undefined {
    if (text.length > longestCall) return undefined;
    try {
      const call: unknown = JSON.parse(text);
      if (typeof call !== 'object' || call === null) return undefined;
      const { maxTextBytes } = this.#options;
      const limits = { maxBytes: Math.max(16, Math.min(this.left, maxTextBytes)), isCall: true };
      const { value, truncated } = doAtOnce(copyJson(call, { ...this.#options, ...limits }));
      this.truncated ||= truncated;
      return JSON.stringify(value);
    } catch {
      return undefined;
    }
  }

  #cut(text: string): string {
    const { maxTextBytes } = this.#options;
    // No character takes less than a byte.
    if (text.length <= maxTextBytes && Buffer.byteLength(text) <= maxTextBytes)
      return withoutMedia(cleanText(text, text.length));
    this.truncated = true;
    const end = `…[cut, ${text.length} characters]`;
    return withoutMedia(cutToBytes(text, maxTextBytes)) + end;
  }
}

/** About so many bytes of the beginning, cleaned. */
export function cutToBytes(text: string, bytes: number): string {
  const part = text.slice(0, bytes);
  const perCharacter = Math.max(1, Buffer.byteLength(part) / Math.max(1, part.length));
  return cleanText(text, Math.floor(bytes / perCharacter));
}

/** Stands for a text that is left out. */
export function placeholder(what: string, length: number): string {
  return `[${what}, ${length} characters]`;
}

function jsonBytes(leaf: PlainJson): number {
  return Buffer.byteLength(JSON.stringify(leaf));
}
