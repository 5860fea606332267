import type { ApiKey } from '../../contract/index.ts';

/** Who asks. */
export interface Caller {
  /** Opaque; processes, transcripts and workspaces never cross owners. */
  readonly owner: string;
  /** Null: none was brought, and none is required. Then nothing is limited. */
  readonly key: ApiKey | null;
}

/** The owner of what is asked without a key. */
export const localOwner = 'local';

const prefix = 'key_';

/** The owner of what is asked with a key: its id, which outlives its secret. */
export function ownerOf({ id }: Pick<ApiKey, 'id'>): string {
  // Another owner would be taken for one without a key, and so without limits.
  if (!id.startsWith(prefix)) throw new Error(`Ids of API keys begin with '${prefix}'.`);
  return id;
}

/** The id of the owner's key; undefined for an owner without one. */
export function keyIdOf(owner: string): string | undefined {
  return owner.startsWith(prefix) ? owner : undefined;
}
