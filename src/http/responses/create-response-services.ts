import type { RunQueue } from '../../storage/index.ts';
import { BackgroundRuns } from '../background/background-runs.ts';
import { type BackgroundTiming, usualBackgroundTiming } from '../background/background-services.ts';
import { LeaseKeeper } from '../background/lease-keeper.ts';
import { ResponseSignals } from '../background/response-signals.ts';
import { newId } from '../new-id.ts';
import type { ResponseServices } from './response-services.ts';

export interface ResponseParts extends Omit<ResponseServices, 'leases'> {
  readonly queue: RunQueue;
  /** Most background runs at once in this server. */
  readonly backgroundWorkers: () => number;
  readonly leaseMs?: number;
  readonly backgroundTiming?: Partial<BackgroundTiming>;
}

export interface RunningResponseServices extends ResponseServices, AsyncDisposable {
  readonly background: BackgroundRuns;
}

/** A server that went away is missed after so long; one that is only busy should not be. */
const usualLeaseMs = 15_000;

/** Disposing of it stops the background runs and waits for their ends to be stored. Not yet started. */
export function createResponseServices(parts: ResponseParts): RunningResponseServices {
  const { queue, backgroundWorkers, leaseMs = usualLeaseMs, backgroundTiming, ...given } = parts;
  const { responses, logger } = given;
  const leases = new LeaseKeeper({ responses, workerId: newId('worker_'), leaseMs, logger });
  const services: ResponseServices = { ...given, leases };
  const background = new BackgroundRuns({
    services: {
      ...services,
      signals: new ResponseSignals(),
      backgroundTiming: { ...usualBackgroundTiming, ...backgroundTiming },
    },
    queue,
    concurrency: backgroundWorkers,
  });
  return {
    ...services,
    background,
    async [Symbol.asyncDispose]() {
      await background[Symbol.asyncDispose]();
      await leases[Symbol.asyncDispose]();
    },
  };
}
