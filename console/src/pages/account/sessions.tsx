import { LogOut } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { SessionEntry } from '../../../../src/contract/index.ts';
import { useApi } from '../../api/use-api.ts';
import { useChange } from '../../api/use-change.ts';
import { signOut } from '../../session/current-session.ts';
import { useSession } from '../../session/use-session.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { Tooltip } from '../../ui/tooltip.tsx';
import { TimeText } from '../../ui/values.tsx';
import { describeClient } from './describe-client.ts';

const none: readonly never[] = [];

/** Where one is signed in; for admins, where anybody is. */
export function Sessions() {
  const { isAdmin } = useSession();
  const { data, error, isPending, refetch } = useApi('listSessions', {}, { refetchInterval: 30_000 });
  const [asked, setAsked] = useState<SessionEntry>();
  const [open, setOpen] = useState(false);
  const revoke = useChange('revokeSession', {
    invalidates: ['listSessions'],
    success: 'The session has ended',
    errorToast: false,
  });
  const columns = useMemo(
    () =>
      sessionColumns(isAdmin, (entry) => {
        setAsked(entry);
        setOpen(true);
      }),
    [isAdmin],
  );
  return (
    <section aria-label="Sessions" className="flex flex-col gap-3">
      <div>
        <h2 className="text-base font-semibold">Sessions</h2>
        <p className="text-xs text-faint">
          {isAdmin ? 'Where you and the other users are signed in.' : 'Where you are signed in.'} End what you
          do not know, and change the password.
        </p>
      </div>
      {error !== null && data === undefined ? (
        <ErrorState error={error} onRetry={refetch} />
      ) : (
        <DataTable
          label="Sessions"
          columns={columns}
          rows={data?.items ?? none}
          rowId={({ id }) => id}
          loading={isPending}
        />
      )}
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title={asked?.current === true ? 'End this session?' : `End the session of “${asked?.username}”?`}
        description={
          asked?.current === true
            ? 'It is the one that you are in: you are signed out.'
            : `${describeClient(asked?.client ?? '')} is signed out at once.`
        }
        action="End session"
        onConfirm={async () => {
          if (asked === undefined) return;
          if (asked.current) await signOut();
          else await revoke.mutateAsync({ params: { id: asked.id } });
        }}
      />
    </section>
  );
}

function sessionColumns(
  isAdmin: boolean,
  onEnd: (entry: SessionEntry) => void,
): readonly Column<SessionEntry>[] {
  const user: Column<SessionEntry> = {
    id: 'user',
    header: 'User',
    width: 110,
    sortValue: ({ username }) => username,
    cell: ({ username }) => username,
  };
  return [
    {
      id: 'client',
      header: 'Browser',
      width: 210,
      grow: 2,
      sortValue: ({ client }) => describeClient(client),
      cell: ({ client, current }) => (
        <span className="inline-flex max-w-full items-center gap-2">
          <Tooltip text={client}>
            <span className="truncate font-medium">{describeClient(client)}</span>
          </Tooltip>
          {current && <Badge tone="accent">this one</Badge>}
        </span>
      ),
    },
    ...(isAdmin ? [user] : []),
    {
      id: 'address',
      header: 'Address',
      width: 120,
      priority: 1,
      cell: ({ address }) => <span className="font-mono text-xs">{address}</span>,
    },
    {
      id: 'seen',
      header: 'Last seen',
      width: 100,
      sortValue: ({ lastSeenAt }) => lastSeenAt,
      cell: ({ lastSeenAt }) => <TimeText at={lastSeenAt} />,
    },
    {
      id: 'since',
      header: 'Since',
      width: 100,
      priority: 2,
      sortValue: ({ createdAt }) => createdAt,
      cell: ({ createdAt }) => <TimeText at={createdAt} />,
    },
    {
      id: 'expires',
      header: 'Ends',
      width: 100,
      priority: 2,
      cell: ({ expiresAt }) => <TimeText at={expiresAt} />,
    },
    {
      id: 'end',
      header: 'Action',
      width: 96,
      grow: 0,
      align: 'right',
      cell: (entry) => (
        <Button
          size="sm"
          variant="ghost"
          icon={LogOut}
          aria-label={
            entry.current
              ? 'End this session'
              : `End the session of ${entry.username}, ${describeClient(entry.client)}`
          }
          onClick={() => onEnd(entry)}
        >
          End
        </Button>
      ),
    },
  ];
}
