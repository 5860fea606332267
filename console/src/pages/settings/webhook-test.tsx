import { CircleCheck, Send, TriangleAlert } from 'lucide-react';
import { errorMessage } from '../../api/console-error.ts';
import { useChange } from '../../api/use-change.ts';
import { Button } from '../../ui/button.tsx';

interface WebhookTestProps {
  /** There is a change that is not saved: what is tested is what holds now. */
  readonly unsaved: boolean;
}

/** Calls the webhook that is set, and tells what became of it. */
export function WebhookTest({ unsaved }: WebhookTestProps) {
  const test = useChange('testBudgetWebhook', { errorToast: false });
  const { data } = test;
  const problem = test.error === null ? (data?.problem ?? undefined) : errorMessage(test.error);
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <Button size="sm" icon={Send} busy={test.isPending} disabled={unsaved} onClick={() => test.mutate({})}>
        Send a test
      </Button>
      <p role="status" className="flex min-w-0 items-center gap-1.5 text-xs">
        {unsaved ? (
          <span className="text-faint">Save it first.</span>
        ) : problem !== undefined ? (
          <span className="flex items-start gap-1.5 break-words text-danger">
            <TriangleAlert className="mt-0.5 size-3 shrink-0" aria-hidden />
            {problem}
          </span>
        ) : data === undefined ? null : (
          <span className="flex items-center gap-1.5 text-muted">
            <CircleCheck className="size-3 shrink-0 text-ok" aria-hidden />
            Delivered: it answered with the status {data.status}.
          </span>
        )}
      </p>
    </div>
  );
}
