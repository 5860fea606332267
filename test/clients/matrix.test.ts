import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { matrix } from './support/matrix.ts';
import { withMatrix } from './support/render-matrix.ts';

function read(file: string): string {
  return readFileSync(new URL(file, import.meta.url), 'utf8');
}

test('docs/clients.md has the matrix as it is: `npm run docs:clients`', () => {
  const document = read('../../docs/clients.md');
  expect(document).toBe(withMatrix(document));
});

test('each client has its tests', () => {
  const files = readdirSync(new URL('.', import.meta.url)).filter((file) => file.endsWith('.test.ts'));
  const tested = files.flatMap((file) =>
    [...read(file).matchAll(/\bclient\('([\w-]+)', '(chat|responses)'/g)].map(
      ([, id, api]) => `${id} ${api}`,
    ),
  );
  const declared = matrix.flatMap(({ id, over }) => Object.keys(over).map((api) => `${id} ${api}`));
  expect(tested.sort()).toEqual(declared.sort());
});
