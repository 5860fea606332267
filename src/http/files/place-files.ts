import type { Engine } from '../../engine/index.ts';
import type { StoredFile } from '../../storage/index.ts';
import { type AttachedFile, noUsage, type Turn, TurnError } from '../../turn/index.ts';
import type { FileServices } from './file-services.ts';
import type { WorkspacePlace } from './workspace-access.ts';

type Services = Pick<FileServices, 'blobs' | 'files' | 'workspaces' | 'logger'>;

/**
 * The same engine, whose runs begin with the files in place that the conversation has attached: in the workspace that the run
 * is then given. A file that is there already stays as it is: the agent may have worked on it.
 */
export function placeFiles(engine: Pick<Engine, 'runTurn'>, services: Services): Pick<Engine, 'runTurn'> {
  return {
    async *runTurn(turn, options) {
      const placed = await placeAll(turn, services);
      if (placed instanceof TurnError) yield { type: 'error', error: placed, usage: noUsage };
      else yield* engine.runTurn(placed, options);
    },
  };
}

async function placeAll(turn: Turn, services: Services): Promise<Turn | TurnError> {
  const { attachedFiles = [], owner } = turn;
  if (attachedFiles.length === 0) return turn;
  try {
    const place = await services.workspaces.placeOf(turn);
    if (place === undefined) return turn;
    const ids = attachedFiles.map(({ id }) => id);
    const stored = await services.files.find(owner, ids);
    for (const attached of attachedFiles) await placeOne(place, attached, stored.get(attached.id), services);
    return { ...turn, workspaceId: place.workspaceId };
  } catch (error) {
    if (error instanceof TurnError) return error;
    services.logger.error(
      { err: error, turn: turn.id },
      'attached files could not be put into the workspace',
    );
    return new TurnError('engine_failed', 'The attached files could not be put into the workspace.', {
      cause: error,
    });
  }
}

async function placeOne(
  place: WorkspacePlace,
  { path, filename }: AttachedFile,
  stored: StoredFile | undefined,
  { blobs, workspaces }: Services,
): Promise<void> {
  const there = await workspaces.open(place, path);
  if (there !== undefined) return there[Symbol.asyncDispose]();
  const blob = stored && (await blobs.open(stored.sha256, stored.bytes));
  if (stored === undefined || blob === undefined)
    throw notPlaced(filename, 'it is not on this server any more');
  const stream = blob.stream();
  try {
    if (await workspaces.write(place, path, stream, { replace: false, bytes: stored.bytes })) return;
  } finally {
    stream.destroy();
  }
  // Another request may have been quicker.
  const since = await workspaces.open(place, path);
  if (since === undefined) throw notPlaced(filename, 'something else is in its way in the workspace');
  await since[Symbol.asyncDispose]();
}

function notPlaced(filename: string, why: string): TurnError {
  return new TurnError(
    'invalid_request',
    `The attached file ${JSON.stringify(filename)} cannot be used: ${why}.`,
  );
}
