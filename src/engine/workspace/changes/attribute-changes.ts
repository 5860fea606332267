import type { FileState, PathChange } from './file-state.ts';

/** Somebody writes a file and says so. */
export interface Claim {
  readonly path: string;
  /** How the file was afterwards; absent while it is being written. */
  readonly written?: { readonly after: FileState | undefined };
}

export interface Situation<Run> {
  /** Runs whose commands ran between the two looks. */
  readonly commanding: ReadonlySet<Run>;
  /** Runs that ran commands before: something that they left behind may still write. */
  readonly commanded: ReadonlySet<Run>;
  readonly claims: readonly Claim[];
}

export interface Attribution<Run> {
  readonly run: Run;
  readonly change: PathChange;
  /** It may be another run's work as well. */
  readonly certain: boolean;
}

/**
 * Whose work the changes between two looks at a workspace are. What somebody claims is told by the claim itself, and so by
 * nobody else; a command's are those of the run that ran it; what is left was made by something that a command left behind.
 * What no run can have done is left out.
 */
export function attributeChanges<Run>(
  changes: readonly PathChange[],
  { commanding, commanded, claims }: Situation<Run>,
): Attribution<Run>[] {
  const runs = commanding.size > 0 ? commanding : commanded;
  const certain = runs.size === 1;
  return changes.flatMap((change) => {
    const claim = claims.findLast(({ path }) => path === change.path);
    if (claim !== undefined && (claim.written === undefined || isState(claim.written.after, change.after)))
      return [];
    const before = claim?.written === undefined ? change.before : claim.written.after;
    const rest: PathChange = {
      path: change.path,
      ...(before === undefined ? {} : { before }),
      ...(change.after === undefined ? {} : { after: change.after }),
    };
    return [...runs].map((run) => ({ run, change: rest, certain }));
  });
}

/** Whether the file is as the claim left it. */
function isState(one: FileState | undefined, other: FileState | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  const [written, found] = [one.stamp, other.stamp];
  return written.ino === found.ino && written.size === found.size && written.mtimeMs === found.mtimeMs;
}
