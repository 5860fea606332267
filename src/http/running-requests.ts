import type { ServerResponse } from 'node:http';

/** The requests that run an agent now, so that shutting down can wait for them and then stop them. */
export class RunningRequests {
  readonly #controllers = new Set<AbortController>();
  readonly #waiters = new Set<() => void>();

  get count(): number {
    return this.#controllers.size;
  }

  /**
   * Registers a request until it is disposed of. Its signal aborts when the client goes away, or by `abortAll`. Where
   * others may wait for the answer as well, `abandoned` says when all are gone.
   */
  begin(response: ServerResponse, abandoned?: AbortSignal): RunningRequest {
    if (abandoned) return this.follow(abandoned);
    const controller = new AbortController();
    const onClose = (): void => {
      if (!response.writableFinished) controller.abort(new ClientGone());
    };
    this.#controllers.add(controller);
    response.once('close', onClose);
    if (response.closed) onClose();
    return {
      signal: controller.signal,
      abort: (reason) => controller.abort(reason),
      [Symbol.dispose]: () => {
        response.off('close', onClose);
        this.#remove(controller);
      },
    };
  }

  /** Registers a run that has no response of its own to close; it is stopped by the signal, or by `abortAll`. */
  follow(signal: AbortSignal): RunningRequest {
    const controller = new AbortController();
    const onAbort = (): void => controller.abort(signal.reason);
    this.#controllers.add(controller);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    return {
      signal: controller.signal,
      abort: (reason) => controller.abort(reason),
      [Symbol.dispose]: () => {
        signal.removeEventListener('abort', onAbort);
        this.#remove(controller);
      },
    };
  }

  /** Resolves when none is running. */
  async idle(): Promise<void> {
    if (this.#controllers.size === 0) return;
    await new Promise<void>((resolve) => this.#waiters.add(resolve));
  }

  abortAll(reason: Error): void {
    for (const controller of this.#controllers) controller.abort(reason);
  }

  #remove(controller: AbortController): void {
    this.#controllers.delete(controller);
    if (this.#controllers.size > 0) return;
    for (const resolve of this.#waiters) resolve();
    this.#waiters.clear();
  }
}

export interface RunningRequest extends Disposable {
  readonly signal: AbortSignal;
  abort(reason: Error): void;
}

/** The reason of a signal whose client closed the connection before its answer was whole. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
  constructor() {
    super('The client closed the connection.');
  }
}
