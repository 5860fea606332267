import { getRouteApi } from '@tanstack/react-router';
import { Plus, SearchX, Users } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { User } from '../../../../src/contract/index.ts';
import { useApi } from '../../api/use-api.ts';
import { usePaletteActions } from '../../palette/palette-state.ts';
import { present, type SearchChange } from '../../search/read-search.ts';
import { useSession } from '../../session/use-session.ts';
import { Button } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { SearchInput } from '../../ui/input.tsx';
import { Page, Toolbar } from '../../ui/page.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { userColumns } from './columns.tsx';
import { CreateUser } from './create-user.tsx';
import { ResetPassword } from './reset-password.tsx';
import { type Asked, UserConfirm } from './user-confirm.tsx';

const route = getRouteApi('/admin/users');
const noUsers: readonly never[] = [];

/** Who may sign in, and what they may do. */
export function UsersPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const set = (next: SearchChange<typeof search>) =>
    void navigate({ search: (before) => present({ ...before, ...next }), replace: true });
  const { username: self } = useSession();
  const users = useApi('listUsers', {}, { refetchInterval: 30_000 });
  const [asked, setAsked] = useState<Asked>();
  const [resetting, setResetting] = useState<User>();
  const columns = useMemo(() => userColumns({ self, onAsk: setAsked, onReset: setResetting }), [self]);
  const all = users.data?.items ?? noUsers;
  const text = search.text?.toLowerCase() ?? '';
  const shown = useMemo(
    () => all.filter(({ username }) => username.toLowerCase().includes(text)),
    [all, text],
  );
  const create = (): void => set({ create: true });
  usePaletteActions([{ id: 'new-user', label: 'Add a user', icon: Plus, shortcut: 'n', run: create }]);
  return (
    <Page
      title="Users"
      description="Who may sign in to this console. Viewers see everything and change nothing; admins change."
      actions={
        <Button variant="primary" icon={Plus} onClick={create}>
          Add user
        </Button>
      }
    >
      <Toolbar>
        <SearchInput
          label="Search users"
          value={search.text ?? ''}
          onChange={(next) => set({ text: next })}
        />
      </Toolbar>
      {users.error !== null && users.data === undefined ? (
        <ErrorState error={users.error} onRetry={users.refetch} title="The users could not be loaded" />
      ) : (
        <DataTable
          label="Users"
          columns={columns}
          rows={shown}
          rowId={({ id }) => id}
          rowTone={({ active }) => (active ? undefined : 'muted')}
          sort={search.sort}
          onSortChange={(sort) => set({ sort })}
          loading={users.isPending}
          empty={
            <EmptyState
              icon={text === '' ? Users : SearchX}
              title={text === '' ? 'There are no users' : 'No user fits'}
              {...(text !== '' && {
                action: <Button onClick={() => set({ text: undefined })}>Show all users</Button>,
              })}
            />
          }
        />
      )}
      {search.create === true && <CreateUser onClose={() => set({ create: undefined })} />}
      {resetting && <ResetPassword user={resetting} onClose={() => setResetting(undefined)} />}
      {asked && <UserConfirm asked={asked} self={self} onClose={() => setAsked(undefined)} />}
    </Page>
  );
}
