import { CircleAlert } from 'lucide-react';
import type { RequestRecord } from '../../../../src/contract/index.ts';

/** Whether something went wrong. */
export function hasFailed({ status, errorMessage }: RequestRecord): boolean {
  return status >= 400 || errorMessage !== null;
}

/** Why a request failed. */
export function ErrorBanner({ record }: { readonly record: RequestRecord }) {
  const { status, errorCode, errorMessage } = record;
  // The client left, or an admin stopped it: the message says which.
  const cutOff = status === 499;
  return (
    <div
      className={`flex items-start gap-2.5 rounded-lg border px-4 py-3 text-sm ${cutOff ? 'border-line bg-surface' : 'border-danger/40 bg-danger-soft'}`}
    >
      <CircleAlert
        className={`mt-0.5 size-4 shrink-0 ${cutOff ? 'text-faint' : 'text-danger'}`}
        aria-hidden
      />
      <div className="min-w-0">
        <p className="font-medium">
          {cutOff ? 'Ended before the answer was complete' : `Failed with status ${status}`}
          {errorCode !== null && (
            <span className="ml-2 font-mono text-xs font-normal text-muted">{errorCode}</span>
          )}
        </p>
        {errorMessage !== null && <p className="mt-0.5 whitespace-pre-wrap text-muted">{errorMessage}</p>}
      </div>
    </div>
  );
}
