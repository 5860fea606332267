import { isObject, textField } from './json-object.ts';
import { leftOutLength } from './left-out.ts';

/** Fields that say best what a call is about, the first that is there. */
const telling = [
  'command',
  'file_path',
  'notebook_path',
  'pattern',
  'url',
  'query',
  'description',
  'path',
  'prompt',
  'skill',
] as const;

const longest = 160;

/** What a call does, in one line. Empty where its input does not tell. */
export function summariseInput(input: unknown): string {
  if (!isObject(input)) return '';
  for (const name of telling) {
    const text = textField(input, name);
    if (text !== undefined && text.trim() !== '') return oneLine(text);
  }
  const first = Object.values(input).find((value) => typeof value === 'string' && value !== '');
  return typeof first === 'string' ? oneLine(first) : '';
}

function oneLine(text: string): string {
  const length = leftOutLength(text);
  if (length !== undefined) return '';
  const line = text.trim().replace(/\s+/g, ' ');
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}

/** `mcp__github__create_issue` is `create_issue` of `github`. */
export function splitToolName(
  name: string,
  server?: string | null,
): { readonly name: string; readonly server: string | undefined } {
  const found = /^mcp__(.+?)__(.+)$/.exec(name);
  const [, ofName, bare] = found ?? [];
  return { name: bare ?? name, server: server ?? ofName };
}
