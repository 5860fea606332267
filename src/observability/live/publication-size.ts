const enough = 64 * 1024;

/** What a publication takes in memory, about, in bytes. Looks no further once it is large. */
export function publicationSize(data: unknown): number {
  let size = 100;
  const waiting: unknown[] = [data];
  while (waiting.length > 0 && size < enough) {
    const value = waiting.pop();
    size += 16;
    if (typeof value === 'string') size += value.length;
    else if (typeof value === 'object' && value !== null) {
      for (const member of Object.values(value)) waiting.push(member);
    }
  }
  return size;
}
