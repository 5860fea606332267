import {
  Ban,
  CirclePlay,
  EllipsisVertical,
  KeyRound,
  ShieldCheck,
  Smartphone,
  Trash2,
  UserRound,
} from 'lucide-react';
import type { User } from '../../../../src/contract/index.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { Menu, MenuItem, MenuSeparator } from '../../ui/menu.tsx';
import { TimeText } from '../../ui/values.tsx';
import type { Asked } from './user-confirm.tsx';

interface UserColumnsOptions {
  /** Who looks at it. */
  readonly self: string;
  readonly onAsk: (asked: Asked) => void;
  readonly onReset: (user: User) => void;
}

export function userColumns(options: UserColumnsOptions): readonly Column<User>[] {
  return [
    {
      id: 'username',
      header: 'Name',
      width: 180,
      grow: 2,
      sortValue: ({ username }) => username,
      cell: ({ username }) => (
        <span className="inline-flex items-center gap-2 font-medium">
          {username}
          {username === options.self && <Badge tone="accent">you</Badge>}
        </span>
      ),
    },
    {
      id: 'role',
      header: 'Role',
      width: 100,
      sortValue: ({ role }) => role,
      cell: ({ role }) => (
        <span className="inline-flex items-center gap-1.5">
          {role === 'admin' ? (
            <ShieldCheck className="size-3.5 text-accent" aria-hidden />
          ) : (
            <UserRound className="size-3.5 text-faint" aria-hidden />
          )}
          {role === 'admin' ? 'Admin' : 'Viewer'}
        </span>
      ),
    },
    {
      id: 'state',
      header: 'State',
      width: 200,
      priority: 1,
      sortValue: ({ active, mustChangePassword }) => (active ? (mustChangePassword ? 1 : 0) : 2),
      cell: ({ active, mustChangePassword }) =>
        !active ? (
          <Badge icon={Ban}>Disabled</Badge>
        ) : mustChangePassword ? (
          <Badge icon={KeyRound}>Password to be changed</Badge>
        ) : (
          <span className="text-muted">Active</span>
        ),
    },
    {
      id: 'twoFactor',
      header: 'Two-factor',
      width: 100,
      priority: 1,
      sortValue: ({ twoFactor }) => (twoFactor ? 0 : 1),
      cell: ({ twoFactor }) =>
        twoFactor ? <Badge icon={Smartphone}>On</Badge> : <span className="text-faint">off</span>,
    },
    {
      id: 'lastSignIn',
      header: 'Last sign-in',
      width: 110,
      sortValue: ({ lastSignInAt }) => lastSignInAt,
      cell: ({ lastSignInAt }) =>
        lastSignInAt === null ? <span className="text-faint">never</span> : <TimeText at={lastSignInAt} />,
    },
    {
      id: 'created',
      header: 'Added',
      width: 110,
      priority: 2,
      sortValue: ({ createdAt }) => createdAt,
      cell: ({ createdAt }) => <TimeText at={createdAt} />,
    },
    {
      id: 'actions',
      header: 'Actions',
      width: 56,
      grow: 0,
      align: 'right',
      cell: (user) => <Actions {...options} user={user} />,
    },
  ];
}

function Actions({ user, self, onAsk, onReset }: UserColumnsOptions & { readonly user: User }) {
  const { username, role, active, twoFactor } = user;
  return (
    <Menu
      trigger={
        <Button
          variant="ghost"
          size="sm"
          icon={EllipsisVertical}
          aria-label={`Actions for ${username}`}
          className="w-7 px-0 pointer-coarse:w-10"
        />
      }
    >
      <MenuItem
        icon={role === 'admin' ? UserRound : ShieldCheck}
        onSelect={() => onAsk({ what: 'role', user })}
      >
        {role === 'admin' ? 'Make a viewer' : 'Make an admin'}
      </MenuItem>
      <MenuItem icon={KeyRound} onSelect={() => onReset(user)}>
        Reset password
      </MenuItem>
      {twoFactor && username !== self && (
        <MenuItem icon={Smartphone} onSelect={() => onAsk({ what: 'two-factor', user })}>
          Reset two-factor sign-in
        </MenuItem>
      )}
      <MenuItem icon={active ? Ban : CirclePlay} onSelect={() => onAsk({ what: 'active', user })}>
        {active ? 'Disable' : 'Enable'}
      </MenuItem>
      <MenuSeparator />
      <MenuItem icon={Trash2} danger onSelect={() => onAsk({ what: 'delete', user })}>
        Delete
      </MenuItem>
    </Menu>
  );
}
