import type { Usage } from '../changes/scan-thread-messages.ts';

/** What one workspace may take; absent: any number. */
export interface WorkspaceQuota {
  readonly maxBytes?: number | undefined;
  readonly maxFiles?: number | undefined;
}

const megabyte = 1024 * 1024;

/** Why no more may come into a workspace, `bytes` for one, as a sentence; undefined where there is room. */
export function checkQuota(
  { files, bytes, truncated }: Usage,
  { maxBytes, maxFiles }: WorkspaceQuota,
  more = 0,
): string | undefined {
  if (maxFiles !== undefined && files >= maxFiles) {
    const count = truncated ? `more than ${files - 1}` : String(files);
    return `The workspace holds ${count} files, and may hold ${maxFiles} (WORKSPACE_MAX_FILES).`;
  }
  if (maxBytes === undefined) return undefined;
  const most = `may take ${inMegabytes(maxBytes)} MB (WORKSPACE_MAX_MB).`;
  if (bytes >= maxBytes) return `The workspace takes ${inMegabytes(bytes)} MB, and ${most}`;
  if (bytes + more <= maxBytes) return undefined;
  return `The workspace takes ${inMegabytes(bytes)} MB without the ${inMegabytes(more)} MB that are to come in, and ${most}`;
}

function inMegabytes(bytes: number): string {
  return (bytes / megabyte).toFixed(bytes < 10 * megabyte ? 1 : 0);
}
