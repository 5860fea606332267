import type { RequestRecord } from '../../contract/index.ts';
import type { NewRecord } from '../records/write-records.ts';

/** What the upgrade of a database of the original project needs of those who know secrets, settings and records. */
export interface OriginalUpgrade {
  /** What the server stores of an API key in place of its secret. */
  readonly hashKey: (secret: string) => string;
  /** What becomes of the hash of a password; null where nobody could sign in with it. */
  readonly renewPassword: (hash: string) => Promise<RenewedPassword | null>;
  /** The record with what its bodies tell, without secrets, and with as much of them as is kept. */
  readonly completeRecord: (record: RequestRecord, bodies: OriginalBodies) => NewRecord;
  /** The live settings that come of the original's configuration. */
  readonly chooseSettings: (found: FoundSettings) => ChosenSettings;
  /** Told what is done, in one line each. */
  readonly tell: (line: string) => void;
}

interface RenewedPassword {
  readonly hash: string;
  readonly mustChange: boolean;
}

/** They may be anything; undefined where there is none. */
export interface OriginalBodies {
  readonly request: unknown;
  readonly response: unknown;
}

interface FoundSettings {
  /** By the original's names. */
  readonly configuration: ReadonlyMap<string, string>;
  /** When the oldest request that was taken over began; null: there is none. */
  readonly oldestRequestAt: number | null;
}

interface ChosenSettings {
  /** By our names, as texts. */
  readonly settings: Readonly<Record<string, string>>;
  /** What there is to say about them, such as what does not fit. */
  readonly remarks: readonly string[];
}
