/**
 * Tells servers that a run waits. The rows of the runs are the truth: a lost announcement is made up for by looking
 * at them now and then, a doubled one finds nothing to do.
 */
export interface RunQueue extends AsyncDisposable {
  /** Tells this server, or another that shares the database. */
  announce(): Promise<void>;
  /** Whom to tell. To be called once, before the first announcement. */
  listen(onAnnounced: () => void): Promise<void>;
}
