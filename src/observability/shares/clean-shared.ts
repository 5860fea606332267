import { copyJson } from '../records/copy-json.ts';
import { describeMedia } from '../records/describe-media.ts';
import { doAtOnce } from '../records/in-pieces.ts';
import type { PlainJson } from '../records/plain-json.ts';
import { redactText } from '../records/redact-text.ts';
import type { HidePlaces } from './hide-places.ts';

/** Makes what was recorded fit for strangers. */
export interface Cleaner {
  text(text: string): string;
  /** Texts, names of fields, and all that lies in a field whose name says that it is secret. */
  json(value: unknown): PlainJson;
}

/** What was kept is bounded already; this only has to be more. */
const bounds = { maxBytes: 256 * 1024 * 1024, maxTextBytes: 256 * 1024 * 1024 };

/** Secrets are looked for once more, by the rules of today; then the places of this server go. */
export function createCleaner(hidePlaces: HidePlaces): Cleaner {
  const text = (value: string): string => hidePlaces(describeMedia(value) ?? redactText(value));
  const hideIn = (value: PlainJson): PlainJson => {
    if (typeof value === 'string') return hidePlaces(value);
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(hideIn);
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [hidePlaces(name), hideIn(inner)]),
    );
  };
  return {
    text,
    json: (value) => hideIn(doAtOnce(copyJson(value, { level: 'full', ...bounds, isCall: true })).value),
  };
}
