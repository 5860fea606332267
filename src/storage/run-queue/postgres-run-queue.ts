import PgBoss from 'pg-boss';
import { describeDriverError, StorageError } from '../storage-error.ts';
import type { RunQueue } from './run-queue.ts';

const queueName = 'response-runs';
const pollSeconds = 0.5;
/** Where no server takes an announcement for so long, all are down; they look at the rows when they start. */
const keepMinutes = 5;

/**
 * For servers that share a PostgreSQL database: each announcement is delivered to one of them, whichever asks first.
 * pg-boss keeps its tables in a schema of its own, `pgboss`.
 */
export class PostgresRunQueue implements RunQueue {
  readonly #boss: PgBoss;

  private constructor(boss: PgBoss) {
    this.#boss = boss;
  }

  /** @throws {StorageError} `unreachable` where pg-boss cannot start. */
  static async open(url: string, onError: (error: Error) => void): Promise<PostgresRunQueue> {
    const boss = new PgBoss({ connectionString: url, max: 3, schedule: false, supervise: true });
    boss.on('error', onError);
    try {
      await boss.start();
      await boss.createQueue(queueName, { name: queueName, policy: 'standard', retryLimit: 0 });
    } catch (error) {
      await boss.stop({ graceful: false }).catch(() => {});
      throw new StorageError(
        'unreachable',
        `The queue of runs cannot be opened: ${describeDriverError(error)}`,
      );
    }
    return new PostgresRunQueue(boss);
  }

  async announce(): Promise<void> {
    await this.#boss.send(queueName, {}, { retentionMinutes: keepMinutes });
  }

  async listen(onAnnounced: () => void): Promise<void> {
    await this.#boss.work(queueName, { pollingIntervalSeconds: pollSeconds, batchSize: 1 }, async () => {
      onAnnounced();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const stopped = new Promise<void>((resolve) => this.#boss.once('stopped', () => resolve()));
    await this.#boss.stop({ graceful: true, wait: false, timeout: 2_000, close: true });
    await stopped;
  }
}
