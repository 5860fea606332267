import { useApprovalCount } from './use-approval-count.ts';

/** How many tool calls wait for an answer, beside the link to them. */
export function NavCount({ to }: { readonly to: string }) {
  return to === '/approvals' ? <ApprovalCount /> : null;
}

function ApprovalCount() {
  const count = useApprovalCount();
  if (count === 0) return null;
  return (
    <span className="ml-auto rounded-full bg-warn px-1.5 text-xs font-semibold text-bg">
      {count}
      <span className="sr-only"> waiting</span>
    </span>
  );
}
