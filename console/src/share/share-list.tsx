import type { ShareLink } from '../../../src/contract/index.ts';
import { useChange } from '../api/use-change.ts';
import { Button } from '../ui/button.tsx';
import { TimeText } from '../ui/values.tsx';

/** The links to one request, each with the button that ends it. */
export function ShareList({ links }: { readonly links: readonly ShareLink[] }) {
  const revoke = useChange('revokeShareLink', {
    invalidates: ['listRecordShareLinks', 'listShareLinks'],
    success: 'The link opens no more',
  });
  return (
    <ul aria-label="Public links" className="divide-y divide-line rounded-md border border-line">
      {links.map(({ id, createdAt, createdBy, expiresAt, opened, lastOpenedAt }) => (
        <li
          key={id}
          className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 px-3 py-2 text-sm"
        >
          <span className="min-w-0">
            Made by {createdBy} <TimeText at={createdAt} />
            <span className="block text-xs text-muted">
              Ends <TimeText at={expiresAt} /> · {openedText(opened)}
              {lastOpenedAt !== null && (
                <>
                  , last <TimeText at={lastOpenedAt} />
                </>
              )}
            </span>
          </span>
          <Button
            size="sm"
            variant="dangerQuiet"
            busy={revoke.isPending && revoke.variables.params.id === id}
            disabled={revoke.isPending}
            onClick={() => revoke.mutate({ params: { id } })}
          >
            Revoke
          </Button>
        </li>
      ))}
    </ul>
  );
}

function openedText(times: number): string {
  if (times === 0) return 'not opened yet';
  return times === 1 ? 'opened once' : `opened ${times} times`;
}
