import { type JsonObject, TurnError } from '../turn/index.ts';

const opening = /^\s*\{\s*"input"\s*:\s*"/;
/** The opening of `{"input": "…"}` with room for white space; later it is not looked for. */
const longestOpening = 64;

/**
 * Reads the free text of a custom tool out of the JSON that Claude writes for it, `{"input":"…"}`, while it
 * is being written. JSON of another form is told whole at the end.
 */
export class CustomInputDecoder {
  #state: 'opening' | 'inside' | 'over' = 'opening';
  #pending = '';
  #half = '';
  #told = '';

  /** The next piece of the plain text; often empty. */
  push(argumentsDelta: string): string {
    if (this.#state === 'over') return '';
    this.#pending += argumentsDelta;
    if (this.#state === 'opening') {
      const match = opening.exec(this.#pending);
      if (match === null) {
        if (this.#pending.length > longestOpening) this.#state = 'over';
        return '';
      }
      this.#pending = this.#pending.slice(match[0].length);
      this.#state = 'inside';
    }
    return this.#tell(this.#takeDecodable());
  }

  /** What is missing once the arguments are whole. */
  finish(callArguments: JsonObject): string {
    const { input } = callArguments;
    const text = typeof input === 'string' ? input : JSON.stringify(callArguments);
    if (!text.startsWith(this.#told)) {
      throw new TurnError('engine_failed', "The call's arguments differ from their deltas.", {
        agentActed: true,
      });
    }
    this.#state = 'over';
    return this.#tell(text.slice(this.#told.length));
  }

  #tell(text: string): string {
    this.#told += text;
    return text;
  }

  /** Decodes up to the closing quote or the first escape that is not whole yet. */
  #takeDecodable(): string {
    const text = this.#pending;
    let end = 0;
    while (end < text.length && text[end] !== '"') {
      const length = text[end] === '\\' ? (text[end + 1] === 'u' ? 6 : 2) : 1;
      if (end + length > text.length) break;
      end += length;
    }
    this.#pending = text.slice(end);
    const decoded = parseJsonString(text.slice(0, end));
    if (decoded === undefined || text[end] === '"') this.#state = 'over';
    return this.#joinSurrogates(decoded ?? '');
  }

  /** Half a surrogate pair would reach the client as a broken character, so it waits for the other half, or the end. */
  #joinSurrogates(decoded: string): string {
    const text = this.#half + decoded;
    this.#half = /[\ud800-\udbff]$/.test(text) ? text.slice(-1) : '';
    return this.#half === '' ? text : text.slice(0, -1);
  }
}

/** Undefined for what is no JSON string, which then the whole arguments are not either. */
function parseJsonString(inner: string): string | undefined {
  try {
    return String(JSON.parse(`"${inner}"`));
  } catch {
    return undefined;
  }
}
