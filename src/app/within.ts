/** Resolves when the work does, after so long, or when told to hurry, whichever comes first. */
export async function within(work: Promise<unknown>, limitMs: number, hurry?: AbortSignal): Promise<void> {
  let release = (): void => {};
  const limit = new Promise<void>((resolve) => {
    release = resolve;
  });
  const timer = setTimeout(release, limitMs);
  if (hurry?.aborted) release();
  hurry?.addEventListener('abort', release, { once: true });
  try {
    await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
    hurry?.removeEventListener('abort', release);
  }
}
