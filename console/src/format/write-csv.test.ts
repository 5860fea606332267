import { expect, test } from 'vitest';
import { writeCsv } from './write-csv.ts';

test('cells are quoted where they have to be', () => {
  expect(writeCsv([{ name: 'a,b', text: 'say "hi"\nthere', count: 3, none: null }])).toBe(
    'name,text,count,none\r\n"a,b","say ""hi""\nthere",3,\r\n',
  );
});

test('rows with other fields keep to one head', () => {
  expect(writeCsv([{ a: 1 }, { b: [2] }])).toBe('a,b\r\n1,\r\n,[2]\r\n');
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx'])('%j is no formula for a spreadsheet', (text) => {
  expect(writeCsv([{ text }])).toContain(`'${text}`);
});

test('negative numbers stay numbers', () => {
  expect(writeCsv([{ count: -5 }])).toBe('count\r\n-5\r\n');
});
