import { describe, expect, it, test } from 'vitest';
import type { FileChange, FilesChanged } from '../../turn/index.ts';
import { filesChanged, imageContent, textContent } from '../testing/files.ts';
import { describeFiles, type FileTelling } from './describe-files.ts';

const telling: FileTelling = {
  mode: 'inline',
  inlineMaxBytes: 40,
  inlineTotalMaxBytes: 100,
  link: ({ path, fileId }) => (fileId === undefined ? undefined : `https://a.example/${path}`),
};
const created = (path: string, text: string): FileChange => ({
  ...{ path, operation: 'created', content: textContent(text), fileId: 'cfile_1' },
});
const chart: FileChange = {
  path: 'chart.png',
  operation: 'created',
  content: imageContent,
  fileId: 'cfile_2',
};

function tell(
  changes: FileChange[],
  more: Partial<FileTelling> = {},
  event: Partial<FilesChanged> = {},
): string {
  return describeFiles(filesChanged(changes, event), { ...telling, ...more });
}

describe('inline', () => {
  test.each<[string, FileChange, string]>([
    ['a new text', created('a.py', 'x = 1\n'), '`a.py`\n\n```python\nx = 1\n```'],
    ['a text without a line break at its end', created('a', 'x'), '`a`\n\n```\nx\n```'],
    ['a text with a fence', created('a.md', '```\n'), '`a.md`\n\n````markdown\n```\n````'],
    [
      'a changed text',
      { path: 'a.ts', operation: 'modified', content: textContent('new'), diff: '-old\n+new\n' },
      '`a.ts` (modified)\n\n```typescript\nnew\n```',
    ],
    [
      'a changed text that is too long, by how it changed',
      { path: 'a.ts', operation: 'modified', content: textContent('x'.repeat(41)), diff: '+x\n' },
      '`a.ts` (modified)\n\n```diff\n+x\n```',
    ],
    [
      'a changed text that is much too long, by how it changed',
      {
        path: 'a.ts',
        operation: 'modified',
        content: { ...imageContent, mediaType: 'text/x' },
        diff: '+x\n',
      },
      '`a.ts` (modified)\n\n```diff\n+x\n```',
    ],
    [
      'a file that has another name and another text',
      { path: 'b.ts', previousPath: 'a.ts', operation: 'renamed', content: textContent('x'), diff: '+x\n' },
      '`b.ts` (renamed from `a.ts`)\n\n```typescript\nx\n```',
    ],
    [
      'a file that only has another name',
      { path: 'b.ts', previousPath: 'a.ts', operation: 'renamed', content: textContent('x'), fileId: 'f' },
      '- [b.ts](https://a.example/b.ts) (renamed from `a.ts`, text/plain, 1 B)',
    ],
    ['an image', chart, '- [chart.png](https://a.example/chart.png) (image/png, 12.3 kB)'],
    [
      'an image that is not kept',
      { path: 'c.png', operation: 'modified', content: imageContent },
      '- `c.png` (modified, image/png, 12.3 kB)',
    ],
    ['a deleted file', { path: 'old.txt', operation: 'deleted' }, '- `old.txt` (deleted)'],
    [
      'an empty file',
      created('__init__.py', ''),
      '- [\\_\\_init\\_\\_.py](https://a.example/__init__.py) (text/plain, 0 B)',
    ],
    [
      'a text that is too long',
      created('a.txt', 'x'.repeat(41)),
      '- [a.txt](https://a.example/a.txt) (text/plain, 41 B)',
    ],
    [
      'a text of fences',
      created('a', '`'.repeat(40)),
      '`a`\n\n'.concat('`'.repeat(41), '\n', '`'.repeat(40), '\n', '`'.repeat(41)),
    ],
    [
      'a media type that is none',
      { path: 'a', operation: 'created', content: { ...imageContent, mediaType: 'a/b](x)' } },
      '- `a` (12.3 kB)',
    ],
  ])('tells %s', (_, change, markdown) => {
    expect(tell([change])).toBe(markdown);
  });

  it('has texts first, then the list, as far as the whole may go', () => {
    const text = 'x'.repeat(40);
    const shown = tell([
      created('1', text),
      chart,
      created('2', text),
      created('3', text),
      created('4', 'y'),
    ]);
    expect(shown.split('\n\n').map((part) => part.slice(0, 8))).toEqual([
      ...['`1`', '```\nxxxx', '`2`', '```\nxxxx', '`4`', '```\ny\n``'],
      '- [chart',
    ]);
    expect(shown).toContain('\n- [3](https://a.example/3) (text/plain, 40 B)');
  });

  it('counts bytes, not characters', () => {
    expect(tell([created('a', 'é'.repeat(21))])).toContain('- [a]');
    expect(tell([created('a', 'é'.repeat(20))])).toContain('```\né');
  });
});

it('as links shows no text', () => {
  expect(tell([created('a.py', 'x')], { mode: 'links' })).toBe(
    '- [a.py](https://a.example/a.py) (text/plain, 1 B)',
  );
});

test.each<[number, string]>([
  [999, '999 B'],
  [1000, '1.0 kB'],
  [999_949, '999.9 kB'],
  [999_950, '1.0 MB'],
  [4_500_000_000, '4.5 GB'],
  [4_500_000_000_000, '4500.0 GB'],
])('%d bytes are told as %s', (size, told) => {
  const change: FileChange = { path: 'a', operation: 'created', content: { ...imageContent, size } };
  expect(tell([change])).toBe(`- \`a\` (image/png, ${told})`);
});

it('counts what it does not list', () => {
  const many = Array.from(
    { length: 130 },
    (_, index): FileChange => ({ path: `${index}`, operation: 'deleted' }),
  );
  expect(tell(many, {}, { omitted: 5 }).split('\n').slice(98)).toEqual([
    ...['- `98` (deleted)', '- `99` (deleted)', '- 35 further files'],
  ]);
  expect(tell([chart], {}, { omitted: 1 })).toMatch(/\n- 1 further file$/);
});

it('says that it is not certain whose work it is', () => {
  expect(tell([chart], {}, { certain: false })).toMatch(/\n\nAnother run .*its work\.$/);
});
