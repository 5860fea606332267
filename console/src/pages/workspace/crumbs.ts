export interface Crumb {
  readonly name: string;
  /** Empty: the top. */
  readonly path: string;
}

/** The directories on the way to a path, the top first. */
export function crumbsOf(path: string, top: string): readonly Crumb[] {
  const names = path.split('/').filter((name) => name !== '');
  return [
    { name: top, path: '' },
    ...names.map((name, index) => ({ name, path: names.slice(0, index + 1).join('/') })),
  ];
}

/** The directory that a file or directory lies in. */
export function parentOf(path: string): string {
  return path.split('/').slice(0, -1).join('/');
}
