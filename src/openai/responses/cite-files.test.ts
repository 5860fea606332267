import { describe, expect, it, test } from 'vitest';
import type { FileChange } from '../../turn/index.ts';
import { filesChanged, imageContent } from '../testing/files.ts';
import { citeFiles } from './cite-files.ts';

const made = (path: string, fileId = 'cfile_1'): FileChange => ({
  ...{ path, operation: 'created', content: imageContent, fileId },
});
const cite = (text: string, ...changes: FileChange[]) =>
  citeFiles(text, filesChanged(changes, { containerId: 'cntr_1' }));
/** The characters that the citations span. */
const spans = (text: string, ...changes: FileChange[]) =>
  cite(text, ...changes).map(({ start_index, end_index }) =>
    [...text].slice(start_index, end_index).join(''),
  );

it('is in the form of OpenAI', () => {
  expect(cite('See out/a.png!', made('out/a.png', 'cfile_7'))).toEqual([
    {
      type: 'container_file_citation',
      container_id: 'cntr_1',
      file_id: 'cfile_7',
      filename: 'a.png',
      start_index: 4,
      end_index: 13,
    },
  ]);
});

describe('spans', () => {
  test.each<[string, string, string, number]>([
    ['the path', 'a.png, then out/a.png.', 'out/a.png', 12],
    ['the last mention', 'out/a.png and out/a.png', 'out/a.png', 14],
    ['the name where the path is not there', 'I drew `a.png`.', 'a.png', 8],
    ['an absolute path from where the workspace begins', '/ws/out/a.png', 'out/a.png', 4],
  ])('%s', (_, text, span, start) => {
    expect(spans(text, made('out/a.png'))).toEqual([span]);
    expect(cite(text, made('out/a.png'))[0]?.start_index).toBe(start);
  });

  test.each(['data.png', 'a.png2', 'a.png.bak', 'xa.png', '-a.png', 'Done.', ''])(
    'nothing, at the end, if the text only says %j',
    (text) => {
      expect(cite(text, made('out/a.png'))).toMatchObject([
        { start_index: text.length, end_index: text.length },
      ]);
    },
  );

  it('counts characters', () => {
    const text = '😀 é a.png 😀 a.png 😀';
    expect(spans(text, made('a.png'))).toEqual(['a.png']);
    expect(cite(text, made('a.png'))).toMatchObject([{ start_index: 12, end_index: 17 }]);
    expect(cite('😀', made('a.png'))).toMatchObject([{ start_index: 1, end_index: 1 }]);
  });

  it('no name that several files have', () => {
    expect(spans('sub/a.png', made('a.png'), made('sub/a.png'))).toEqual(['', 'sub/a.png']);
    expect(spans('a.png', made('one/a.png'), made('two/a.png'))).toEqual(['', '']);
  });
});

it('cites only what can be had from a container', () => {
  expect(cite('a', { path: 'a', operation: 'deleted' })).toEqual([]);
  expect(cite('a', { path: 'a', operation: 'created', content: imageContent })).toEqual([]);
  expect(citeFiles('a', filesChanged([made('a')]))).toEqual([]);
});
