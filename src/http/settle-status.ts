/**
 * Reads until an event settles the status of the response, but no longer than the limit. `events` gives every
 * event again, those already read included; `settled` is the one that did, null where the limit or the end came first.
 */
export async function settleStatus<T>(
  source: AsyncIterable<T>,
  options: { readonly settles: (event: T) => boolean; readonly limitMs: number },
): Promise<{ readonly settled: T | null; readonly events: AsyncIterable<T> }> {
  const iterator = source[Symbol.asyncIterator]();
  const read: T[] = [];
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, options.limitMs, null);
  });
  try {
    for (;;) {
      const next = iterator.next();
      const result = await Promise.race([next, limit]);
      if (result === null || result.done) return { settled: null, events: replay(read, next, iterator) };
      read.push(result.value);
      if (options.settles(result.value)) {
        return { settled: result.value, events: replay(read, undefined, iterator) };
      }
    }
  } finally {
    clearTimeout(timer);
  }
}

async function* replay<T>(
  read: readonly T[],
  next: Promise<IteratorResult<T, unknown>> | undefined,
  iterator: AsyncIterator<T, unknown>,
): AsyncGenerator<T> {
  yield* read;
  for (let result = await (next ?? iterator.next()); !result.done; result = await iterator.next()) {
    yield result.value;
  }
}
