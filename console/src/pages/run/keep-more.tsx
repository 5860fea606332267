import { Link } from '@tanstack/react-router';
import { EyeOff } from 'lucide-react';
import { buttonStyle } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/states.tsx';

/** Where texts were left out: which setting keeps them. */
export function KeepMore() {
  return (
    <p className="flex flex-wrap items-center gap-x-2 rounded-md bg-sunken px-3 py-2 text-sm text-muted">
      <EyeOff className="size-4 shrink-0 text-faint" aria-hidden />
      Texts are left out, as RECORD_DETAIL says. Set it to “full” to keep them.
      <SettingLink />
    </p>
  );
}

/** Where nothing was kept at all. */
export function NothingKept({
  what,
  are = 'is',
}: {
  readonly what: string;
  /** Whether it is one thing. */
  readonly are?: 'is' | 'are';
}) {
  return (
    <div className="rounded-lg border border-line bg-surface">
      <EmptyState
        icon={EyeOff}
        title={`${what} ${are === 'is' ? 'was' : 'were'} not kept`}
        action={
          <Link to="/settings" search={{ text: 'RECORD_DETAIL' }} className={buttonStyle()}>
            Change RECORD_DETAIL
          </Link>
        }
      >
        With RECORD_DETAIL set to “redacted” the structure of bodies, the timeline and headers are kept, with
        “full” their texts, too; of requests without a body and a run, nothing. It holds for requests that
        come from then on. Old ones give way after RECORD_RETENTION_DAYS or by RECORD_MAX_MB.
      </EmptyState>
    </div>
  );
}

function SettingLink() {
  return (
    <Link to="/settings" search={{ text: 'RECORD_DETAIL' }} className="text-accent hover:underline">
      Change RECORD_DETAIL
    </Link>
  );
}
