/** What `/v1/containers` tells of a container, which is a workspace here. */
export interface ContainerObject {
  readonly id: string;
  readonly object: 'container';
  /** Unix seconds. */
  readonly created_at: number;
  readonly status: 'running';
  /** Absent: it does not expire. */
  readonly expires_after?: { readonly anchor: 'last_active_at'; readonly minutes: number };
  /** Unix seconds. */
  readonly last_active_at: number;
  readonly name: string;
}

export interface ContainerFacts {
  readonly id: string;
  /** Unix seconds. */
  readonly createdAt: number;
  /** Unix seconds. */
  readonly lastActiveAt: number;
  /** After the last activity; absent: never. */
  readonly expiresAfterMinutes?: number | undefined;
  readonly name: string;
}

export function encodeContainer(facts: ContainerFacts): ContainerObject {
  const { expiresAfterMinutes: minutes } = facts;
  return {
    id: facts.id,
    object: 'container',
    created_at: facts.createdAt,
    status: 'running',
    ...(minutes === undefined ? {} : { expires_after: { anchor: 'last_active_at', minutes } }),
    last_active_at: facts.lastActiveAt,
    name: facts.name,
  };
}

export interface ContainerDeleted {
  readonly id: string;
  readonly object: 'container.deleted';
  readonly deleted: true;
}

export function encodeContainerDeleted(id: string): ContainerDeleted {
  return { id, object: 'container.deleted', deleted: true };
}
