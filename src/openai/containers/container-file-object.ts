/** What `/v1/containers/{id}/files` tells of a file. */
export interface ContainerFileObject {
  readonly id: string;
  readonly object: 'container.file';
  readonly bytes: number;
  readonly container_id: string;
  /** Unix seconds. */
  readonly created_at: number;
  /** Relative to the workspace, with slashes. */
  readonly path: string;
  /** Who put it there. */
  readonly source: 'assistant' | 'user';
}

export interface ContainerFileFacts extends Pick<ContainerFileObject, 'id' | 'bytes' | 'path' | 'source'> {
  readonly containerId: string;
  /** Unix seconds. */
  readonly createdAt: number;
}

export function encodeContainerFile(facts: ContainerFileFacts): ContainerFileObject {
  return {
    id: facts.id,
    object: 'container.file',
    bytes: facts.bytes,
    container_id: facts.containerId,
    created_at: facts.createdAt,
    path: facts.path,
    source: facts.source,
  };
}

export interface ContainerFileDeleted {
  readonly id: string;
  readonly object: 'container.file.deleted';
  readonly deleted: true;
}

export function encodeContainerFileDeleted(id: string): ContainerFileDeleted {
  return { id, object: 'container.file.deleted', deleted: true };
}
