import type { Database } from '../open-database.ts';
import { LocalRunQueue } from './local-run-queue.ts';
import { PostgresRunQueue } from './postgres-run-queue.ts';
import type { RunQueue } from './run-queue.ts';

export interface RunQueueOptions {
  readonly kind: Database['kind'];
  /** As for `openDatabase`. */
  readonly url: string;
  /** Told of failures that an announcement or a delivery meets later. */
  readonly onError: (error: Error) => void;
}

export async function openRunQueue({ kind, url, onError }: RunQueueOptions): Promise<RunQueue> {
  return kind === 'sqlite' ? new LocalRunQueue() : PostgresRunQueue.open(url, onError);
}
