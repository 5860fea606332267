import { Link } from '@tanstack/react-router';
import { Check, ShieldCheck, X } from 'lucide-react';
import { useState } from 'react';
import { useApi } from '../../api/use-api.ts';
import { Button } from '../../ui/button.tsx';
import { Page } from '../../ui/page.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states.tsx';
import { Checkbox } from '../../ui/toggle.tsx';
import { ApprovalCard } from './approval-card.tsx';
import { type BulkDecision, BulkDialogs } from './bulk-dialogs.tsx';
import { NotificationSwitch } from './notification-switch.tsx';

/** The tool calls of all runs that wait for somebody’s word. */
export function ApprovalsPage() {
  const { data, error, isPending, refetch } = useApi('listApprovals');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [asking, setAsking] = useState<BulkDecision>();
  const waiting = data?.items ?? [];
  // Those that were answered meanwhile are not among them.
  const selected = waiting.filter(({ id }) => chosen.has(id));
  const select = (id: string, on: boolean): void => {
    const next = new Set(chosen);
    if (on) next.add(id);
    else next.delete(id);
    setChosen(next);
  };
  const all = selected.length === waiting.length;
  return (
    <Page
      title="Approvals"
      description="Tool calls that wait for your word, oldest first. Nobody’s word is a denial."
      actions={<NotificationSwitch />}
      wide={false}
    >
      <p role="status" className="sr-only">
        {waiting.length === 1 ? '1 call waits' : `${waiting.length} calls wait`}
      </p>
      {waiting.length > 1 && (
        <section
          aria-label="Selection"
          className="sticky top-0 z-20 -my-2 flex min-h-12 flex-wrap items-center justify-between gap-x-6 gap-y-2 bg-bg/95 py-2 backdrop-blur-sm"
        >
          <Checkbox
            checked={all ? true : selected.length > 0 ? 'indeterminate' : false}
            onChange={(on) => setChosen(on ? new Set(waiting.map(({ id }) => id)) : new Set())}
          >
            {selected.length === 0 ? 'Select all' : `${selected.length} of ${waiting.length} selected`}
          </Checkbox>
          {selected.length > 0 && (
            <div className="flex flex-wrap gap-x-6 gap-y-2">
              <Button icon={Check} onClick={() => setAsking('allow')}>
                Allow selected
              </Button>
              <Button variant="dangerQuiet" icon={X} onClick={() => setAsking('deny')}>
                Deny selected
              </Button>
            </div>
          )}
        </section>
      )}
      {isPending ? (
        <div className="rounded-lg border border-line bg-surface">
          <SkeletonRows rows={5} label="Loading the approvals" />
        </div>
      ) : error !== null && data === undefined ? (
        <div className="rounded-lg border border-line bg-surface">
          <ErrorState error={error} onRetry={refetch} />
        </div>
      ) : waiting.length === 0 ? (
        <div className="rounded-lg border border-line bg-surface">
          <EmptyState icon={ShieldCheck} title="Nothing waits for you">
            Calls come here from runs whose permission mode asks, such as{' '}
            <code className="font-mono text-xs">default</code>: give it to a{' '}
            <Link to="/profiles" className="text-accent underline">
              profile
            </Link>
            , or set PERMISSION_MODE for all. Who is asked and for how long,{' '}
            <Link to="/settings" search={{ text: 'APPROVAL' }} className="text-accent underline">
              APPROVALS and APPROVAL_TIMEOUT_SECONDS
            </Link>{' '}
            say.
          </EmptyState>
        </div>
      ) : (
        <ul aria-label="Calls that wait" className="flex flex-col gap-4">
          {waiting.map((approval) => (
            <ApprovalCard
              key={approval.id}
              approval={approval}
              {...(waiting.length > 1 && {
                selected: chosen.has(approval.id),
                onSelect: (on: boolean) => select(approval.id, on),
              })}
            />
          ))}
        </ul>
      )}
      <BulkDialogs
        asking={asking}
        approvals={selected}
        onClose={() => setAsking(undefined)}
        onDone={() => setChosen(new Set())}
      />
    </Page>
  );
}
