import { Link } from '@tanstack/react-router';
import { Hourglass } from 'lucide-react';
import { useId } from 'react';
import type { Approval } from '../../../../src/contract/index.ts';
import { ApprovalActions } from '../../agent/approval-actions.tsx';
import { toolIcon } from '../../agent/tool-icon.ts';
import { ToolInput } from '../../agent/tool-input.tsx';
import { splitToolName } from '../../agent/tool-summary.ts';
import { cx } from '../../ui/cx.ts';
import { TimeLeft, useSeconds } from '../../ui/elapsed.tsx';
import { Checkbox } from '../../ui/toggle.tsx';
import { TimeText } from '../../ui/values.tsx';

interface ApprovalCardProps {
  readonly approval: Approval;
  /** Absent: there is nothing to select. */
  readonly selected?: boolean;
  readonly onSelect?: (selected: boolean) => void;
}

/** One call that waits. */
export function ApprovalCard({ approval, selected, onSelect }: ApprovalCardProps) {
  const { id, runId, keyId, keyName, model, profile, requestedAt, expiresAt } = approval;
  const { name, server } = splitToolName(approval.name, approval.server);
  const headingId = useId();
  const Icon = toolIcon(name, server);
  return (
    <li
      aria-labelledby={headingId}
      className={cx(
        'min-w-0 rounded-lg border bg-surface',
        selected === true ? 'border-accent' : 'border-line',
      )}
    >
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 pt-3">
        {onSelect && (
          <Checkbox label={`Select ${name} of ${runId}`} checked={selected === true} onChange={onSelect} />
        )}
        <h2 id={headingId} className="flex min-w-0 items-center gap-2 text-base font-semibold">
          <Icon className="size-4 shrink-0 text-muted" aria-hidden />
          {name}
          {server !== undefined && <span className="text-sm font-normal text-faint">of {server}</span>}
        </h2>
        <Deadline requestedAt={requestedAt} expiresAt={expiresAt} />
      </header>
      <p className="flex flex-wrap gap-x-3 gap-y-0.5 px-4 pt-1 text-sm text-muted">
        {keyId === null ? (
          <span>no key</span>
        ) : (
          <Link to="/keys/$id" params={{ id: keyId }} className="hover:text-accent hover:underline">
            {keyName ?? keyId}
          </Link>
        )}
        {(profile ?? model) !== null && (
          <span>{[profile, model].filter((one) => one !== null).join(' · ')}</span>
        )}
        <span>
          asked <TimeText at={requestedAt} />
        </span>
        <Link to="/runs/$id" params={{ id: runId }} className="text-accent hover:underline">
          Open the run
        </Link>
      </p>
      <div className="min-w-0 px-4 py-3">
        <ToolInput name={approval.name} input={approval.input} />
      </div>
      <ApprovalActions
        approvalId={id}
        name={name}
        describedBy={headingId}
        className="border-t border-line px-4 py-3"
      />
    </li>
  );
}

const soon = 30_000;

function Deadline({ requestedAt, expiresAt }: { readonly requestedAt: number; readonly expiresAt: number }) {
  const left = expiresAt - useSeconds();
  const share = Math.max(0, Math.min(1, left / Math.max(1, expiresAt - requestedAt)));
  const isShort = left < soon;
  return (
    <span
      className={cx(
        'ml-auto flex shrink-0 items-center gap-2 text-sm',
        isShort ? 'font-medium text-warn' : 'text-muted',
      )}
    >
      <Hourglass className="size-3.5" aria-hidden />
      <TimeLeft until={expiresAt} over="time is up" />
      <span aria-hidden className="h-1 w-16 overflow-hidden rounded-full bg-line max-sm:hidden">
        <span
          className={cx('block h-full', isShort ? 'bg-warn' : 'bg-accent')}
          style={{ width: `${share * 100}%` }}
        />
      </span>
    </span>
  );
}
