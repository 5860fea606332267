import { describeMedia } from './describe-media.ts';
import type { Work } from './in-pieces.ts';

/** What a value takes as JSON, in bytes, about: escapes are not counted. */
export interface Measure {
  /** Of each text that is worth cutting. */
  readonly textBytes: readonly number[];
  /** All the rest. */
  readonly otherBytes: number;
}

const nodesAtATime = 500;

const shortText = 64;

/** Measures a value; stops where the rest takes more than `mostBytes`, and counts no text for more. */
export function* measureJson(value: unknown, mostBytes: number): Work<Measure> {
  const textBytes: number[] = [];
  let otherBytes = 0;
  const waiting: Iterator<unknown>[] = [[value].values()];
  for (let nodes = 1; otherBytes <= mostBytes; nodes++) {
    if (nodes % nodesAtATime === 0) yield;
    const next = waiting.at(-1)?.next();
    if (next === undefined) break;
    if (next.done === true) {
      waiting.pop();
      continue;
    }
    const item = next.value;
    otherBytes += 3;
    if (typeof item === 'string') {
      const bytes = Buffer.byteLength((describeMedia(item) ?? item).slice(0, mostBytes));
      if (bytes > shortText) textBytes.push(bytes);
      else otherBytes += bytes;
    } else if (Array.isArray(item)) waiting.push(item.values());
    else if (typeof item === 'object' && item !== null) {
      const keys = Object.keys(item);
      for (let index = 0; index < keys.length && otherBytes <= mostBytes; index++) {
        otherBytes += (keys[index]?.length ?? 0) + 3;
      }
      waiting.push(Object.values(item).values());
    } else otherBytes += 4;
  }
  return { textBytes, otherBytes };
}
