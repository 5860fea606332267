import { Link } from '@tanstack/react-router';
import { Link2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { ShareLink } from '../../../../src/contract/index.ts';
import { useApi } from '../../api/use-api.ts';
import { useChange } from '../../api/use-change.ts';
import { formatNumber } from '../../format/format.ts';
import { Button } from '../../ui/button.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { TimeText } from '../../ui/values.tsx';

const none: readonly never[] = [];

/** All public links of the server that have not expired. */
export function LinksTab() {
  const { data, error, isPending, refetch } = useApi('listShareLinks', {}, { staleTime: 0 });
  const [asked, setAsked] = useState<ShareLink>();
  const [open, setOpen] = useState(false);
  const revoke = useChange('revokeShareLink', {
    invalidates: ['listShareLinks', 'listRecordShareLinks'],
    success: 'The link opens no more',
    errorToast: false,
  });
  const columns = useMemo(
    () =>
      linkColumns((link) => {
        setAsked(link);
        setOpen(true);
      }),
    [],
  );
  if (error !== null && data === undefined)
    return <ErrorState error={error} onRetry={refetch} title="The public links could not be loaded" />;
  return (
    <div className="flex flex-col gap-3">
      <p className="text-sm text-muted">
        {data?.enabled === false
          ? 'PUBLIC_SHARE_LINKS is off: none of these opens.'
          : 'Whoever has one of these links sees a request without signing in, until the link ends.'}
      </p>
      <DataTable
        label="Public links"
        columns={columns}
        rows={data?.items ?? none}
        rowId={({ id }) => id}
        loading={isPending}
        empty={
          <EmptyState icon={Link2} title="There are no public links">
            A request can be shared from its page, under Copy, while PUBLIC_SHARE_LINKS is on.
          </EmptyState>
        }
      />
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title="Revoke this public link?"
        description={`It leads to the request ${asked?.requestId ?? ''} and opens no more, for nobody. This cannot be taken back.`}
        action="Revoke link"
        onConfirm={async () => {
          if (asked !== undefined) await revoke.mutateAsync({ params: { id: asked.id } });
        }}
      />
    </div>
  );
}

function linkColumns(onRevoke: (link: ShareLink) => void): readonly Column<ShareLink>[] {
  return [
    {
      id: 'request',
      header: 'Request',
      width: 220,
      grow: 2,
      card: 'title',
      sortValue: ({ requestId }) => requestId,
      cell: ({ requestId }) => (
        <Link
          to="/records/$id"
          params={{ id: requestId }}
          className="relative z-10 font-mono text-xs hover:text-accent hover:underline"
        >
          {requestId}
        </Link>
      ),
    },
    {
      id: 'by',
      header: 'Made by',
      width: 110,
      sortValue: ({ createdBy }) => createdBy,
      cell: ({ createdBy }) => createdBy,
    },
    {
      id: 'at',
      header: 'Made',
      width: 110,
      priority: 1,
      sortValue: ({ createdAt }) => createdAt,
      cell: ({ createdAt }) => <TimeText at={createdAt} />,
    },
    {
      id: 'ends',
      header: 'Ends',
      width: 110,
      sortValue: ({ expiresAt }) => expiresAt,
      cell: ({ expiresAt }) => <TimeText at={expiresAt} />,
    },
    {
      id: 'opened',
      header: 'Opened',
      width: 90,
      align: 'right',
      sortValue: ({ opened }) => opened,
      cell: ({ opened }) => formatNumber(opened),
    },
    {
      id: 'last',
      header: 'Last opened',
      width: 110,
      priority: 2,
      sortValue: ({ lastOpenedAt }) => lastOpenedAt ?? 0,
      cell: ({ lastOpenedAt }) => <TimeText at={lastOpenedAt} />,
    },
    {
      id: 'revoke',
      header: '',
      width: 90,
      grow: 0,
      align: 'right',
      cell: (link) => (
        <Button
          size="sm"
          variant="dangerQuiet"
          aria-label={`Revoke the link to ${link.requestId}`}
          onClick={() => onRevoke(link)}
        >
          Revoke
        </Button>
      ),
    },
  ];
}
