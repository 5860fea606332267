import { isJsonObject, type JsonObject } from '../turn/index.ts';
import type { IgnoredParameter } from './ignored-parameter.ts';

export interface ToolArguments {
  readonly arguments: JsonObject;
  /** Set if the text was not a JSON object. */
  readonly ignored?: IgnoredParameter;
}

/**
 * The arguments of an earlier call, which the client gives back as JSON text. Text that is no JSON object
 * (a call cut off by a token limit, say) must not make the whole conversation unusable: it is kept, wrapped.
 * Some clients write an empty text for a call without arguments.
 */
export function parseToolArguments(text: string, param: string): ToolArguments {
  if (text.trim() === '') return { arguments: {} };
  const value = parseJson(text);
  if (isJsonObject(value)) return { arguments: value };
  return {
    arguments: { _raw_arguments: text },
    ignored: { param, reason: 'The text is not a JSON object; it was passed on as `_raw_arguments`.' },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
