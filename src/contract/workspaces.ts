import { z } from 'zod';
import { idParams, time } from './common.ts';

/**
 * A directory that agents work in. `shared`: the root, of those who ask without a key; `key`: a key's own; `conversation`:
 * of one conversation; `named`: a directory that keys are allowed by name; `container`: one that a client made.
 */
export const workspace = z.object({
  /** Opaque. */
  id: z.string(),
  kind: z.enum(['shared', 'key', 'conversation', 'named', 'container']),
  /** For people: the key's name, the directory's name. */
  name: z.string(),
  /** Opaque; `local` without a key, null where several share it. */
  owner: z.string().nullable(),
  keyId: z.string().nullable(),
  keyName: z.string().nullable(),
  files: z.int(),
  bytes: z.int(),
  /** There is more than was counted. */
  truncated: z.boolean(),
  /** Null: not known. */
  lastUsedAt: time.nullable(),
});
export type WorkspaceEntry = z.output<typeof workspace>;

export const workspaceFile = z.object({
  name: z.string(),
  /** Relative to the workspace, with slashes. */
  path: z.string(),
  /** What is neither a file nor a directory cannot be opened. */
  type: z.enum(['file', 'directory', 'link', 'other']),
  bytes: z.int(),
  modifiedAt: time,
  /** By its name; null for what is no file. */
  mediaType: z.string().nullable(),
});
export type WorkspaceFileEntry = z.output<typeof workspaceFile>;

const filePath = z.string().max(4096);

export const workspaceEndpoints = {
  listWorkspaces: {
    method: 'GET',
    path: '/api/webui/workspaces',
    access: 'viewer',
    tag: 'Workspaces',
    summary: 'The workspaces that there are, and what they take.',
    response: z.object({ items: z.array(workspace) }),
  },
  listWorkspaceFiles: {
    method: 'GET',
    path: '/api/webui/workspaces/{id}/files',
    access: 'viewer',
    tag: 'Workspaces',
    summary: 'What is in one directory of a workspace: directories first, then by name.',
    params: idParams,
    query: z.object({ path: filePath.default('') }),
    response: z.object({
      items: z.array(workspaceFile),
      /** There are more than are listed. */
      truncated: z.boolean(),
    }),
  },
  readWorkspaceFile: {
    method: 'GET',
    path: '/api/webui/workspaces/{id}/content',
    access: 'viewer',
    tag: 'Workspaces',
    summary: 'A file’s content, as a download; ranges are answered.',
    params: idParams,
    query: z.object({ path: filePath.min(1) }),
    response: 'file',
  },
  archiveWorkspace: {
    method: 'GET',
    path: '/api/webui/workspaces/{id}/archive',
    access: 'viewer',
    tag: 'Workspaces',
    summary: 'All files of a workspace, as a zip.',
    params: idParams,
    response: 'file',
  },
  deleteWorkspaceFile: {
    method: 'DELETE',
    path: '/api/webui/workspaces/{id}/files',
    access: 'admin',
    tag: 'Workspaces',
    summary: 'Deletes a file.',
    params: idParams,
    query: z.object({ path: filePath.min(1) }),
    response: 'none',
  },
  deleteWorkspace: {
    method: 'DELETE',
    path: '/api/webui/workspaces/{id}',
    access: 'admin',
    tag: 'Workspaces',
    summary:
      'Deletes a workspace with all that is in it, but for the shared one. Refused while a run works in it.',
    params: idParams,
    response: 'none',
  },
} as const;
