import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** A fenced block. */
export interface Block {
  readonly document: string;
  /** Of the fence that opens it, from 1. */
  readonly line: number;
  /** The word behind the fence; empty where there is none. */
  readonly language: string;
  readonly code: string;
  /** The heading that it stands under. */
  readonly heading: string;
}

export interface Document {
  /** From the repository's root on. */
  readonly path: string;
  readonly text: string;
  /** Without fenced blocks and inline code. */
  readonly prose: string;
  readonly headings: readonly string[];
  readonly blocks: readonly Block[];
}

/** All that a reader is given: the pages of the root, everything in docs, and the console's own tour. */
export const documents: readonly Document[] = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'console/README.md',
  ...readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.posix.join('docs', name.replaceAll(path.sep, '/')))
    .toSorted(),
].map(readDocument);

function readDocument(name: string): Document {
  const text = readFileSync(path.join(root, name), 'utf8');
  const blocks: Block[] = [];
  const headings: string[] = [];
  const prose: string[] = [];
  let open: { indent: string; line: number; language: string; lines: string[] } | undefined;
  text.split('\n').forEach((line, index) => {
    const fence = /^(\s*)```\s*(\S*)/.exec(line);
    if (open !== undefined) {
      if (fence === null)
        open.lines.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line);
      else {
        const { line: opened, language, lines } = open;
        blocks.push({
          document: name,
          line: opened,
          language,
          code: `${lines.join('\n')}\n`,
          heading: headings.at(-1) ?? '',
        });
        open = undefined;
      }
      return;
    }
    if (fence !== null) {
      open = { indent: fence[1] ?? '', line: index + 1, language: fence[2] ?? '', lines: [] };
      return;
    }
    const heading = /^#{1,6} (.+)$/.exec(line)?.[1];
    if (heading !== undefined) headings.push(heading);
    prose.push(line);
  });
  if (open !== undefined) throw new Error(`${name}:${open.line}: the block is not closed`);
  return { path: name, text, prose: prose.join('\n').replaceAll(/`[^`\n]+`/g, ''), headings, blocks };
}
