import type { JsonObject } from '../turn/index.ts';

/** Fields that say most about what a built-in tool does, the most telling first. */
const tellingFields = [
  'file_path',
  'notebook_path',
  'command',
  'pattern',
  'url',
  'query',
  'description',
] as const;
const longestDetail = 120;

/** One line on a tool that the agent runs, for instance `[Write] notes.txt`; only facts of the call. */
export function describeActivity(name: string, input: JsonObject): string {
  for (const field of tellingFields) {
    const value = input[field];
    const detail = typeof value === 'string' ? firstLine(value) : '';
    if (detail !== '') return `[${name}] ${detail}\n`;
  }
  return `[${name}]\n`;
}

/** One line on a call that waits until somebody has allowed it. */
export function describeWaiting(name: string): string {
  return `[${name}] waits for approval\n`;
}

function firstLine(text: string): string {
  const [line = ''] = text.trim().split(/[\r\n]/, 1);
  const characters = Array.from(line);
  return characters.length <= longestDetail ? line : `${characters.slice(0, longestDetail - 1).join('')}…`;
}
