import type { Turn } from '../../turn/index.ts';
import { newId } from '../new-id.ts';
import type { FileServices } from './file-services.ts';

export interface OpenedContainer {
  readonly id: string;
  /** A turn that is given this works in the container. */
  readonly workspaceId: string;
}

/** The container of the workspace that a turn will work in, made on demand; undefined where it has no workspace. */
export async function openContainer(
  turn: Turn,
  { containers, workspaces }: Pick<FileServices, 'containers' | 'workspaces'>,
): Promise<OpenedContainer | undefined> {
  const place = await workspaces.placeOf(turn);
  if (place === undefined) return undefined;
  const { workspaceId } = place;
  const id = await containers.ofWorkspace({ id: newId('cntr_'), name: workspaceId, ...place });
  return { id, workspaceId };
}
