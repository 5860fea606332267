import type { FileChange, FilesChanged } from '../../turn/index.ts';
import type { FileLink } from '../artifacts.ts';
import { codeLanguage } from './code-language.ts';
import { codeBlock, codeSpan, longestRun, namedLink } from './markdown.ts';

/** `inline`: texts within the answer, the rest as links. `links`: all as links. `off`: the client is told of no files. */
export const fileModes = ['inline', 'links', 'off'] as const;
export type FileMode = (typeof fileModes)[number];

export interface FileTelling {
  readonly mode: FileMode;
  /** Bytes of one file's text; a longer one is linked to. */
  readonly inlineMaxBytes: number;
  /** Bytes of all texts of one answer. */
  readonly inlineTotalMaxBytes: number;
  readonly link?: FileLink;
}

/** Further files are only counted. */
const mostListed = 100;
/** The fence of a text must be longer than any run of backticks in it. */
const mostBackticks = 50;

/** What the answer says of the files, as Markdown. */
export function describeFiles(files: FilesChanged, telling: FileTelling): string {
  const { inlineMaxBytes, inlineTotalMaxBytes, mode, link } = telling;
  const shown: string[] = [];
  const listed: FileChange[] = [];
  let left = mode === 'inline' ? inlineTotalMaxBytes : 0;
  for (const change of files.changes) {
    const code = left === 0 ? undefined : findCode(change, Math.min(left, inlineMaxBytes));
    if (code === undefined) {
      listed.push(change);
      continue;
    }
    left -= Buffer.byteLength(code.text);
    shown.push(
      `${codeSpan(change.path)}${describeOperation(change)}\n\n${codeBlock(code.text, code.language)}`,
    );
  }
  const list = listed.slice(0, mostListed).map((change) => listEntry(change, link));
  const uncounted = listed.length - list.length + files.omitted;
  if (uncounted > 0) list.push(`- ${uncounted} further ${uncounted === 1 ? 'file' : 'files'}`);
  return [
    ...shown,
    ...(list.length === 0 ? [] : [list.join('\n')]),
    ...(files.certain
      ? []
      : ['Another run worked in the same place meanwhile; some of this may be its work.']),
  ].join('\n\n');
}

interface Code {
  readonly text: string;
  readonly language: string;
}

/** What of the file goes into the answer: its text, or how it changed if the whole would be too long. */
function findCode(change: FileChange, maxBytes: number): Code | undefined {
  const { path, operation, content, diff } = change;
  // A file that only has another name now.
  if (operation === 'renamed' && (diff === undefined || diff === '')) return undefined;
  const whole = { text: content?.text ?? '', language: codeLanguage(path) };
  const changed = { text: operation === 'modified' ? (diff ?? '') : '', language: 'diff' };
  return [whole, changed].find(({ text }) => {
    return text !== '' && Buffer.byteLength(text) <= maxBytes && longestRun(text, '`') <= mostBackticks;
  });
}

function describeOperation(change: FileChange): string {
  const words = operationWords(change);
  return words === undefined ? '' : ` (${words})`;
}

function operationWords({ operation, previousPath }: FileChange): string | undefined {
  if (operation === 'created') return undefined;
  return operation === 'renamed' && previousPath !== undefined
    ? `renamed from ${codeSpan(previousPath)}`
    : operation;
}

function listEntry(change: FileChange, link: FileLink | undefined): string {
  const { content, path } = change;
  const url = content === undefined ? undefined : link?.(change);
  const name = url === undefined ? codeSpan(path) : namedLink(path, url);
  const facts = [
    operationWords(change),
    ...(content === undefined ? [] : [plainMediaType(content.mediaType), formatSize(content.size)]),
  ].filter((fact) => fact !== undefined);
  return facts.length === 0 ? `- ${name}` : `- ${name} (${facts.join(', ')})`;
}

/** Media types come from names of files; what looks like none is not worth telling. */
function plainMediaType(type: string): string | undefined {
  return /^[a-z0-9]+\/[a-z0-9.+-]+$/i.test(type) ? type : undefined;
}

/** `999 B`, `12.3 kB`, `4.5 MB`: by thousands, as file managers do. */
function formatSize(bytes: number): string {
  const units = ['kB', 'MB', 'GB'];
  if (bytes < 1000) return `${bytes} B`;
  let size = bytes / 1000;
  let unit = 0;
  while (size >= 999.95 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${size.toFixed(1)} ${units[unit] ?? 'GB'}`;
}
