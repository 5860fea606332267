import { Link } from '@tanstack/react-router';
import { CircleAlert, RotateCw } from 'lucide-react';
import { Button } from '../../../ui/button.tsx';
import type { Failure } from '../api/failure.ts';

interface FailureNoteProps {
  readonly failure: Failure;
  readonly onRetry: (() => void) | undefined;
}

/** Why an answer did not come, and what can be done. */
export function FailureNote({ failure, onRetry }: FailureNoteProps) {
  const facts = [
    failure.status > 0 ? String(failure.status) : '',
    failure.code ?? '',
    failure.param === null ? '' : `at ${failure.param}`,
  ].filter((fact) => fact !== '');
  return (
    <div
      role="alert"
      className="flex min-w-0 flex-col gap-2 rounded-md border border-danger/40 bg-danger-soft px-3 py-2.5"
    >
      <p className="flex min-w-0 items-start gap-2 text-sm">
        <CircleAlert className="mt-0.5 size-4 shrink-0 text-danger" aria-hidden />
        <span className="min-w-0">{failure.message}</span>
      </p>
      {facts.length > 0 && <p className="pl-6 font-mono text-xs text-muted">{facts.join(' · ')}</p>}
      {adviceOf(failure) !== undefined && <p className="pl-6 text-sm text-muted">{adviceOf(failure)}</p>}
      <div className="flex flex-wrap items-center gap-2 pl-6">
        {onRetry !== undefined && (
          <Button size="sm" icon={RotateCw} onClick={onRetry}>
            Try again
          </Button>
        )}
        {failure.code === 'claude_not_logged_in' && (
          <Link to="/health" className="text-sm text-accent hover:underline">
            See Health
          </Link>
        )}
      </div>
    </div>
  );
}

function adviceOf({ status, code, retryAfter }: Failure): string | undefined {
  if (code === 'workspace_full') return 'Make room in Workspaces, or raise the limit in Settings.';
  if (status === 401 || status === 403)
    return 'Check the key below the settings: it may have ended, or not be allowed this.';
  if (status === 429 && retryAfter !== null) return `The server asks to wait ${retryAfter} s.`;
  return undefined;
}
