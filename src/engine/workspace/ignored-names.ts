/**
 * Directories that hold no work of the agent's: other tools' own stores and caches, often of tens of thousands of files.
 * What changes in them is not told, and no listing or archive of a whole workspace goes into them.
 */
export const ignoredNames: ReadonlySet<string> = new Set([
  '.git',
  '.hg',
  '.svn',
  '.jj',
  'node_modules',
  'bower_components',
  '.pnpm-store',
  '.yarn',
  '.npm',
  '.venv',
  'venv',
  '__pycache__',
  '.mypy_cache',
  '.pytest_cache',
  '.ruff_cache',
  '.tox',
  '.nox',
  '.eggs',
  '.ipynb_checkpoints',
  '.cache',
  '.parcel-cache',
  '.turbo',
  '.gradle',
  '.terraform',
]);

/** Whether a directory of this name is passed by, wherever it lies. */
export function isIgnoredName(name: string): boolean {
  return ignoredNames.has(name);
}

/** Whether a file lies in such a directory; the path is relative, with slashes. */
export function isIgnoredPath(path: string): boolean {
  return path.split('/').slice(0, -1).some(isIgnoredName);
}
