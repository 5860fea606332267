import { isObject, type JsonObject } from '../../../agent/json-object.ts';
import type { Settings } from './conversation.ts';

export type SettingsFaults = Partial<
  Record<'model' | 'temperature' | 'maxTokens' | 'schema' | 'extra', string>
>;

export interface ReadSettings {
  readonly temperature: number | undefined;
  readonly maxTokens: number | undefined;
  readonly schema: JsonObject | undefined;
  readonly extra: JsonObject;
  /** What cannot be sent so, by field. */
  readonly faults: SettingsFaults;
}

/** What the controls mean. */
export function readSettings(settings: Settings): ReadSettings {
  const faults: SettingsFaults = {};
  if (settings.model.trim() === '') faults.model = 'Choose a model.';
  const temperature = readNumber(settings.temperature);
  if (temperature !== undefined && !(temperature >= 0 && temperature <= 2))
    faults.temperature = 'A number from 0 to 2.';
  const maxTokens = readNumber(settings.maxTokens);
  if (maxTokens !== undefined && !(Number.isInteger(maxTokens) && maxTokens >= 1))
    faults.maxTokens = 'A whole number from 1.';
  const schema = readObject(settings.schema);
  if (schema === null) faults.schema = 'This is not a JSON object.';
  const extra = readObject(settings.extra);
  if (extra === null) faults.extra = 'This is not a JSON object.';
  return { temperature, maxTokens, schema: schema ?? undefined, extra: extra ?? {}, faults };
}

function readNumber(text: string): number | undefined {
  return text.trim() === '' ? undefined : Number(text);
}

/** Undefined where nothing is typed, null for what is no JSON object. */
function readObject(text: string): JsonObject | undefined | null {
  if (text.trim() === '') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
