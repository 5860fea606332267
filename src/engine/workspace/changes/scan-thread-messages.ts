import type { FileState } from './file-state.ts';
import type { ReadLimits } from './read-content.ts';
import type { ScanRequest, ScanResult, ShardOptions } from './scan-shard.ts';

/** What a thread is asked; each answer has the type that `Answers` names. */
export type ThreadRequest =
  | ({ readonly op: 'scan'; readonly workspace: number; readonly options: ShardOptions } & ScanRequest)
  | {
      readonly op: 'read';
      readonly root: string;
      readonly paths: readonly string[];
      readonly limits: ReadLimits;
    }
  | { readonly op: 'diff'; readonly pair: TextPair }
  | {
      readonly op: 'usage';
      readonly root: string;
      readonly hidden: RegExp | undefined;
      readonly maxFiles: number;
    }
  /** Reads contents for a moment, and then on whenever nothing is asked. */
  | { readonly op: 'read-ahead'; readonly workspace: number }
  | { readonly op: 'forget'; readonly workspace: number };

export interface Answers {
  readonly scan: ScanResult;
  /** In the order of the paths. */
  readonly read: readonly (FileState | undefined)[];
  /** Undefined where it would take too long or be too long. */
  readonly diff: string | undefined;
  readonly usage: Usage;
  readonly 'read-ahead': undefined;
  readonly forget: undefined;
}

/** Two texts of a file to compare; undefined for none. */
export interface TextPair {
  readonly nameBefore: string;
  readonly nameAfter: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** Most characters of the diff. */
  readonly limit: number;
}

/** What a workspace takes. */
export interface Usage {
  readonly files: number;
  /** As they lie on the disk, where the system tells; else the files' lengths. */
  readonly bytes: number;
  /** There is more; counting stopped. */
  readonly truncated: boolean;
}
