import { expect, test } from 'vitest';
import type { Usage } from '../changes/scan-thread-messages.ts';
import { UsageBook } from './usage-book.ts';

const usage = (files: number): Usage => ({ files, bytes: files * 10, truncated: false });

const workspace = { id: 'w', root: '/w' };

/** Each measurement waits for its answer. */
function bookOf() {
  const asked: { resolve: (usage: Usage) => void; reject: (error: Error) => void }[] = [];
  const book = new UsageBook(
    () => new Promise<Usage>((resolve, reject) => void asked.push({ resolve, reject })),
  );
  return { book, asked };
}

async function measured({ book, asked }: ReturnType<typeof bookOf>, files: number): Promise<void> {
  const first = book.usageOf(workspace);
  asked.at(-1)?.resolve(usage(files));
  await first;
}

test('the first who asks waits for the measurement, which all share; the next is answered at once', async () => {
  const { book, asked } = bookOf();
  const both = Promise.all([book.usageOf(workspace), book.usageOf(workspace)]);
  expect(asked).toHaveLength(1);
  asked[0]?.resolve(usage(3));
  expect(await both).toEqual([usage(3), usage(3)]);
  expect(await book.usageOf(workspace)).toEqual(usage(3));
  expect(asked).toHaveLength(1);
});

test('what came in counts before it is measured', async () => {
  const parts = bookOf();
  await measured(parts, 3);
  parts.book.add(workspace, 5);
  expect(await parts.book.usageOf(workspace)).toEqual({ files: 4, bytes: 35, truncated: false });
});

test('after somebody was at work there it is measured again', async () => {
  const parts = bookOf();
  const { book, asked } = parts;
  book.changed(workspace);
  expect(asked).toHaveLength(0);
  await measured(parts, 3);
  book.changed(workspace);
  expect(asked).toHaveLength(2);
  const next = book.usageOf(workspace);
  asked[1]?.resolve(usage(7));
  expect(await next).toEqual(usage(7));
});

test('a measurement that began before the last change is followed by another', async () => {
  const parts = bookOf();
  const { book, asked } = parts;
  await measured(parts, 3);
  book.changed(workspace);
  book.changed(workspace);
  const next = book.usageOf(workspace);
  asked[1]?.resolve(usage(4));
  await expect.poll(() => asked.length).toBe(3);
  asked[2]?.resolve(usage(5));
  expect(await next).toEqual(usage(5));
});

test('what cannot be measured again counts as before; what never was, is an error', async () => {
  const parts = bookOf();
  const { book, asked } = parts;
  const first = book.usageOf(workspace);
  asked[0]?.reject(new Error('disk'));
  await expect(first).rejects.toThrow('disk');
  const second = book.usageOf(workspace);
  asked[1]?.resolve(usage(3));
  await second;
  book.changed(workspace);
  const third = book.usageOf(workspace);
  asked[2]?.reject(new Error('disk'));
  expect(await third).toEqual(usage(3));
});
