import type { workspaceEndpoints } from '../../../contract/index.ts';
import type { WorkspaceAdministration } from '../../console/browsing-services.ts';
import type { HandlersOf } from '../../console/handle-endpoint.ts';

export function workspaceHandlers(
  workspaces: WorkspaceAdministration,
): HandlersOf<typeof workspaceEndpoints> {
  return {
    listWorkspaces: async () => ({ items: await workspaces.list() }),
    listWorkspaceFiles: ({ params, query }) => workspaces.files(params.id, query.path),
    readWorkspaceFile: ({ params, query }) => workspaces.open(params.id, query.path),
    async archiveWorkspace({ params }) {
      return { contentType: 'application/zip', ...(await workspaces.archive(params.id)) };
    },
    deleteWorkspaceFile: ({ params, query, actor }) => workspaces.removeFile(params.id, query.path, actor),
    deleteWorkspace: ({ params, actor }) => workspaces.remove(params.id, actor),
  };
}
