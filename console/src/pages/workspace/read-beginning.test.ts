import { expect, test } from 'vitest';
import { readBeginning } from './read-beginning.ts';

test('only the beginning of a long file is read', async () => {
  let pulled = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        pulled += 1;
        controller.enqueue(new TextEncoder().encode('0123456789'));
      },
    },
    { highWaterMark: 0 },
  );
  const blob = await readBeginning(new Response(body), 25);
  expect(await blob.text()).toBe('0123456789012345678901234');
  expect(pulled).toBe(3);
});

test('a short file is read whole', async () => {
  expect(await (await readBeginning(new Response('abc'), 25)).text()).toBe('abc');
  expect((await readBeginning(new Response(null), 25)).size).toBe(0);
});
