import { availableParallelism, totalmem } from 'node:os';

/** What the defaults depend on besides the environment. */
export interface System {
  /** Relative paths are relative to this one. */
  readonly cwd: string;
  readonly cores: number;
  readonly memoryBytes: number;
}

/** This process's own: a container's memory limit counts where it is below the machine's memory. */
export function currentSystem(): System {
  const limit = process.constrainedMemory();
  const memoryBytes = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
  return { cwd: process.cwd(), cores: availableParallelism(), memoryBytes };
}
