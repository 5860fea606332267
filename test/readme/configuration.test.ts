import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { describeConfiguration } from '../../scripts/describe-configuration.ts';
import { environmentSchema } from '../../src/config/environment-schema.ts';

const page = await readFile(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
const example = await readFile(new URL('../../.env.example', import.meta.url), 'utf8');

test('docs/configuration.md is up to date; `npm run docs:configuration` writes it anew', () => {
  expect(page).toBe(describeConfiguration(page, example));
});

test('it has a row for each variable', () => {
  const rows = [...page.matchAll(/^\| `([A-Z_]+)` \| .+ \| (?:at once|restart) \|/gm)].map(
    ([, name]) => name,
  );
  expect(rows.toSorted()).toEqual(Object.keys(environmentSchema.shape).toSorted());
});

test('a page without the markers is refused', () => {
  expect(() => describeConfiguration('# Configuration', example)).toThrow('lacks');
});
