import { isObject, textField } from './json-object.ts';
import { hasLeftOut } from './left-out.ts';

/** The unified diff of what a call of a file tool did, or is to do; undefined where that is not known. */
export function diffOfCall(name: string, input: unknown, detail?: unknown): string | undefined {
  if (hasLeftOut(input) || hasLeftOut(detail)) return undefined;
  return patchOf(detail) ?? diffOfInput(name, input);
}

/** Of the structured result of an edit. */
function patchOf(detail: unknown): string | undefined {
  const hunks = isObject(detail) ? detail['structuredPatch'] : undefined;
  if (!Array.isArray(hunks) || hunks.length === 0) return undefined;
  const texts = hunks.map(hunkOf);
  return texts.includes(undefined) ? undefined : texts.join('\n');
}

function hunkOf(hunk: unknown): string | undefined {
  if (!isObject(hunk)) return undefined;
  const { oldStart, oldLines, newStart, newLines, lines } = hunk;
  if (!Array.isArray(lines) || !lines.every((line) => typeof line === 'string')) return undefined;
  return [`@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`, ...lines].join('\n');
}

function diffOfInput(name: string, input: unknown): string | undefined {
  switch (name) {
    case 'Write': {
      const content = textField(input, 'content');
      return content === undefined ? undefined : replacement('', content);
    }
    case 'Edit':
      return editOf(input);
    case 'MultiEdit': {
      const edits = isObject(input) ? input['edits'] : undefined;
      if (!Array.isArray(edits)) return undefined;
      const texts = edits.map(editOf);
      return texts.includes(undefined) ? undefined : texts.join('\n');
    }
    default:
      return undefined;
  }
}

function editOf(edit: unknown): string | undefined {
  const before = textField(edit, 'old_string');
  const after = textField(edit, 'new_string');
  return before === undefined || after === undefined ? undefined : replacement(before, after);
}

/** Where in the file it is, the input does not tell: lines are counted from its own beginning. */
function replacement(before: string, after: string): string {
  const old = linesOf(before);
  const fresh = linesOf(after);
  let start = 0;
  while (start < Math.min(old.length, fresh.length) && old[start] === fresh[start]) start += 1;
  let end = 0;
  while (end < Math.min(old.length, fresh.length) - start && old.at(-1 - end) === fresh.at(-1 - end))
    end += 1;
  const lines = [
    ...old.slice(0, start).map((line) => ` ${line}`),
    ...old.slice(start, old.length - end).map((line) => `-${line}`),
    ...fresh.slice(start, fresh.length - end).map((line) => `+${line}`),
    ...old.slice(old.length - end).map((line) => ` ${line}`),
  ];
  return [`@@ -${old.length === 0 ? 0 : 1},${old.length} +1,${fresh.length} @@`, ...lines].join('\n');
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}
