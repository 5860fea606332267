import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attachment } from './content-disposition.ts';

test.each([
  ['plan.txt', 'attachment; filename="plan.txt"'],
  ['a "b" \\ c.txt', 'attachment; filename=" c.txt"'],
  ['say "hi".txt', 'attachment; filename="say \\"hi\\".txt"'],
  ['../../etc/passwd', 'attachment; filename="passwd"'],
  ['C:\\Users\\ann\\x.pdf', 'attachment; filename="x.pdf"'],
  ['a\r\nset-cookie: x=1.txt', 'attachment; filename="aset-cookie: x=1.txt"'],
  ['..', 'attachment; filename="file"'],
  ['', 'attachment; filename="file"'],
  ['dir/', 'attachment; filename="file"'],
  ['über.txt', 'attachment; filename="?ber.txt"; filename*=UTF-8\'\'%C3%BCber.txt'],
  [
    "it's (1)*\u{1f600}",
    "attachment; filename=\"it's (1)*??\"; filename*=UTF-8''it%27s%20%281%29%2A%F0%9F%98%80",
  ],
  ['100%41.txt', 'attachment; filename="100%41.txt"; filename*=UTF-8\'\'100%2541.txt'],
])('%j', (name, header) => {
  expect(attachment(name)).toBe(header);
});

test('any name gives one harmless header that says the name', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      const header = attachment(name);
      expect(header).toMatch(
        /^attachment; filename="(?:[^"\\\p{Cc}]|\\["\\])+"(?:; filename\*=UTF-8''[\w!#$&+.^`|~%-]+)?$/u,
      );
      expect(header).toMatch(/^[\x20-\x7e]*$/);
      const encoded = /''(.*)$/.exec(header)?.[1];
      if (encoded !== undefined) expect(name.toWellFormed()).toContain(decodeURIComponent(encoded).at(-1));
    }),
  );
});
