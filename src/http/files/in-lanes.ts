/** Does the work for each value, at most so many at once. Rejects with the first failure once all work has ended. */
export async function inLanes<Value>(
  count: number,
  values: readonly Value[],
  work: (value: Value) => Promise<void>,
): Promise<void> {
  const waiting = values.values();
  const lane = async (): Promise<void> => {
    for (const value of waiting) await work(value);
  };
  const ends = await Promise.allSettled(Array.from({ length: count }, lane));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
