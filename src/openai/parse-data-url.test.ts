import { expect, test } from 'vitest';
import { parseDataUrl } from './parse-data-url.ts';

test.each([
  ['data:image/png;base64,AAAA', { mediaType: 'image/png', base64: 'AAAA' }],
  ['DATA:Text/Plain;charset=utf-8;BASE64,SGk=', { mediaType: 'text/plain', base64: 'SGk=' }],
  ['data:,Hi%20%C3%A9', { mediaType: 'text/plain', base64: Buffer.from('Hi é').toString('base64') }],
  ['data:,%ZZ', undefined],
  ['data:image/png;base64', undefined],
  ['https://x.test/a.png', undefined],
])('%s', (url, expected) => {
  expect(parseDataUrl(url)).toEqual(expected);
});
