/** The first bytes of a body; the rest is not fetched. */
export async function readBeginning(response: Response, most: number): Promise<Blob> {
  if (response.body === null) return new Blob([]);
  const reader = response.body.getReader();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  while (length < most) {
    const { done, value } = await reader.read();
    if (done) break;
    pieces.push(value);
    length += value.length;
  }
  await reader.cancel().catch(() => {});
  return new Blob(pieces).slice(0, most);
}
