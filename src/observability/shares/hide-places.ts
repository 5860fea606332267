export interface HiddenPlaces {
  /** Absolute directories that hold workspaces: what lies in one becomes relative. */
  readonly workspaceRoots: readonly string[];
  /** Other directories of the server, such as that of its data. */
  readonly serverDirectories: readonly string[];
}

/** Takes the places of this server out of a text. */
export type HidePlaces = (text: string) => string;

/** The directory of a workspace in the root, and what is being removed. */
const inRoot =
  '(?:/+(?:(?:owner|container|conversation)-[0-9a-f]{6,24}|directory-[a-z0-9][a-z0-9._-]{0,62}|\\.removing-[0-9a-f-]{1,36})(?![\\w-]))?';
/** Where another name does not go on. */
const end = '(?![\\w-])';

/** The names of workspaces by themselves. */
const workspaceName = /\b(?:owner|container|conversation)-[0-9a-f]{24}\b/g;
/** A link to a file of this server opens it for whoever has it. */
const fileLink = /https?:\/\/[^\s"'<>()]{1,300}\/v1\/(?:files|containers)\/[^\s"'<>()]{0,2000}/g;

/**
 * Paths in a workspace become relative (`./notes.md`), other directories of the server `[server]`, links to its files `#`.
 * Claude Code names directories of its own by the path of a workspace with dashes: these go, too.
 */
export function createHidePlaces({ workspaceRoots, serverDirectories }: HiddenPlaces): HidePlaces {
  const steps: readonly (readonly [pattern: RegExp, replacement: string])[] = [
    [fileLink, '#'],
    ...longestFirst(workspaceRoots).flatMap((root) => [
      [new RegExp(`(?:/{0,16}${escaped(root)}${inRoot})+(?:/+|${end})`, 'g'), './'] as const,
      [new RegExp(`(?<=/)${escaped(dashed(root))}[\\w-]*`, 'g'), '-workspace'] as const,
    ]),
    ...longestFirst(serverDirectories).map(
      (directory) => [new RegExp(escaped(directory) + end, 'g'), '[server]'] as const,
    ),
    [workspaceName, 'workspace'],
  ];
  return (text) => steps.reduce((shown, [pattern, replacement]) => shown.replace(pattern, replacement), text);
}

/** Without the root of all, which every path begins with. */
function longestFirst(directories: readonly string[]): readonly string[] {
  const plain = directories.map((directory) => directory.replace(/\/+$/, ''));
  return [...new Set(plain)].filter((one) => one !== '').sort((one, other) => other.length - one.length);
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

function dashed(directory: string): string {
  return directory.replaceAll(/[^A-Za-z0-9]/g, '-');
}
