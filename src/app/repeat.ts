export interface Chore {
  /** For the log. */
  readonly name: string;
  readonly everyMs: number;
  readonly run: () => Promise<void>;
  readonly onError: (error: unknown, message: string) => void;
}

/** Does a chore at once and again after each pause. Disposing of it waits for the one in progress. */
export function repeat({ name, everyMs, run, onError }: Chore): AsyncDisposable {
  const once = (): Promise<void> => run().catch((error: unknown) => onError(error, `${name}: it failed`));
  let last = once();
  const timer = setInterval(() => {
    last = last.then(once);
  }, everyMs);
  timer.unref();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await last;
    },
  };
}
