/** What an uploaded file may be for; everything may be used for everything here. */
export const filePurposes = ['assistants', 'batch', 'fine-tune', 'vision', 'user_data', 'evals'] as const;
export type FilePurpose = (typeof filePurposes)[number];

/** What `/v1/files` tells of a file. */
export interface FileObject {
  readonly id: string;
  readonly object: 'file';
  readonly bytes: number;
  /** Unix seconds. */
  readonly created_at: number;
  /** Unix seconds; absent: never. */
  readonly expires_at?: number;
  readonly filename: string;
  readonly purpose: FilePurpose;
  /** Deprecated, but clients wait for it. */
  readonly status: 'processed';
}

export interface FileFacts {
  readonly id: string;
  readonly bytes: number;
  /** Unix seconds. */
  readonly createdAt: number;
  /** Unix seconds; absent: never. */
  readonly expiresAt?: number | undefined;
  readonly filename: string;
  readonly purpose: FilePurpose;
}

export function encodeFileObject({
  id,
  bytes,
  createdAt,
  expiresAt,
  filename,
  purpose,
}: FileFacts): FileObject {
  return {
    id,
    object: 'file',
    bytes,
    created_at: createdAt,
    ...(expiresAt === undefined ? {} : { expires_at: expiresAt }),
    filename,
    purpose,
    status: 'processed',
  };
}

export interface FileDeleted {
  readonly id: string;
  readonly object: 'file';
  readonly deleted: true;
}

export function encodeFileDeleted(id: string): FileDeleted {
  return { id, object: 'file', deleted: true };
}
