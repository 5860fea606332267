/**
 * `not_found`: nothing is there, or nothing that may be reached. `wrong_kind`: a directory where a file is asked for, or
 * the other way round. `too_large`: more than was allowed. `failed`: the system refused.
 */
export type WorkspaceFileProblem = 'not_found' | 'wrong_kind' | 'too_large' | 'failed';

/** Why a file of a workspace cannot be had. The message names no path outside the workspace. */
export class WorkspaceFileError extends Error {
  override readonly name = 'WorkspaceFileError';
  readonly problem: WorkspaceFileProblem;

  constructor(problem: WorkspaceFileProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.problem = problem;
  }
}

/** What the file system threw, in our words. */
export function asWorkspaceFileError(error: unknown): WorkspaceFileError {
  if (error instanceof WorkspaceFileError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  switch (code) {
    case 'ENOENT':
    case 'ENAMETOOLONG':
    case 'EINVAL':
    case 'EILSEQ':
    // A symbolic link, or a path through a file.
    case 'ELOOP':
    case 'EMLINK':
    case 'ENOTDIR':
    // A socket, or a device without a driver.
    case 'ENXIO':
    case 'ENODEV':
      return new WorkspaceFileError('not_found', 'There is no such file.', { cause: error });
    case 'EISDIR':
      return new WorkspaceFileError('wrong_kind', 'It is a directory.', { cause: error });
    default:
      return new WorkspaceFileError('failed', `The file cannot be used (${code}).`, { cause: error });
  }
}
