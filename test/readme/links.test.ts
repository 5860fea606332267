import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type Document, documents, root } from './documents.ts';

/** Where links lead: `[text](place)`, `![](place)`, and `src`, `srcset`, `href` of HTML. */
function linksOf({ prose }: Document): string[] {
  const found = prose.matchAll(/\]\(([^()\s]+(?:\([^()]*\)[^()\s]*)?)\)|(?:src|srcset|href)="([^"]+)"/g);
  return [...found].map(([, inMarkdown, inHtml]) => inMarkdown ?? inHtml ?? '');
}

/** The names under which a page's headings can be linked to, as forges make them. */
function anchorsOf(file: string): Set<string> {
  const text = readFileSync(file, 'utf8').replaceAll(/^([ \t]*)```[\s\S]*?^\1```/gm, '');
  const anchors = new Set<string>();
  for (const [, heading = ''] of text.matchAll(/^#{1,6} (.+)$/gm)) {
    const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const slug = plain.replaceAll(/[^\p{L}\p{N}\p{M}_\- ]/gu, '').replaceAll(' ', '-');
    let name = slug;
    for (let copy = 1; anchors.has(name); copy++) name = `${slug}-${copy}`;
    anchors.add(name);
  }
  return anchors;
}

/** What is wrong with a link; undefined where it leads somewhere. */
function problemOf(link: string, document: Document): string | undefined {
  if (/^(?:https?:|mailto:)/.test(link)) return undefined;
  const [place = '', anchor] = link.split('#');
  const file =
    place === '' ? path.join(root, document.path) : path.join(root, path.dirname(document.path), place);
  if (!existsSync(file)) return `${link}: there is no such file`;
  if (anchor === undefined || statSync(file).isDirectory()) return undefined;
  return anchorsOf(file).has(anchor) ? undefined : `${link}: there is no such heading`;
}

test.each(documents.map((document) => [document.path, document] as const))(
  '%s links to what is there',
  (_, document) => {
    expect(linksOf(document).flatMap((link) => problemOf(link, document) ?? [])).toEqual([]);
  },
);

test('every page of docs is reached from docs/README.md or from the pages that it links to', () => {
  const reached = new Set(['docs/README.md']);
  for (const name of reached) {
    const page = documents.find((document) => document.path === name);
    if (page === undefined) continue;
    for (const link of linksOf(page))
      reached.add(path.posix.join(path.posix.dirname(name), link.split('#')[0] ?? ''));
  }
  expect(documents.map((document) => document.path).filter((name) => !reached.has(name))).toEqual([]);
});

test('links, images and anchors that lead nowhere are found', () => {
  const [readme] = documents;
  if (readme === undefined) throw new Error('no document');
  const document = {
    ...readme,
    prose: '[a](nowhere.md) [b](README.md#nowhere) <img src="no.png"> [c](LICENSE)',
  };
  expect(linksOf(document).flatMap((link) => problemOf(link, document) ?? [])).toHaveLength(3);
});
