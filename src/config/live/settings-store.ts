/** A value that was set from the console: the text that the environment variable would have. */
export interface StoredSetting {
  readonly name: string;
  readonly value: string;
  readonly changedAt: number;
  readonly changedBy: string;
}

export interface StoredSettingChange {
  readonly id: number;
  readonly name: string;
  /** Null: it was not set. */
  readonly before: string | null;
  readonly after: string | null;
  readonly at: number;
  readonly by: string;
}

/** Where live settings are kept for all servers. */
export interface SettingsStore {
  list(): Promise<readonly StoredSetting[]>;
  /** All or none; null removes. Notes each change. */
  change(changes: Readonly<Record<string, string | null>>, by: string, at: number): Promise<void>;
  /** Newest first. */
  history(limit: number): Promise<readonly StoredSettingChange[]>;
  /** Goes up with every change, by whichever server. */
  version(): Promise<number>;
}
