import type { Artifact } from './answer.ts';
import { readFailure } from './failure.ts';

/** The content of a file as it was at the end of the run. @throws {Error} with the server's word on it. */
export async function fetchArtifact(
  { containerId, fileId }: Pick<Artifact, 'containerId' | 'fileId'>,
  secret: string | undefined,
): Promise<Blob> {
  const path = `/v1/containers/${encodeURIComponent(containerId ?? '')}/files/${encodeURIComponent(fileId ?? '')}/content`;
  const response = await fetch(path, {
    credentials: 'omit',
    headers: secret === undefined ? {} : { authorization: `Bearer ${secret}` },
  });
  if (!response.ok) throw new Error((await readFailure(response)).message);
  return response.blob();
}

export function fileName(path: string): string {
  return path.split('/').at(-1) ?? path;
}
