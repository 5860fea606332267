import { useState } from 'react';
import { errorMessage } from './console-error.ts';

interface Work {
  readonly busy: boolean;
  /** Why the last work failed. */
  readonly error: string | undefined;
  /** Resolves to whether it succeeded; rejects never. */
  work(task: () => Promise<unknown>): Promise<boolean>;
  /** Forgets the error. */
  forget(): void;
}

/** Something that a form does, and how that goes. */
export function useWork(): Work {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  return {
    busy,
    error,
    work: async (task) => {
      setBusy(true);
      setError(undefined);
      try {
        await task();
        return true;
      } catch (failure) {
        setError(errorMessage(failure));
        return false;
      } finally {
        setBusy(false);
      }
    },
    forget: () => setError(undefined),
  };
}
