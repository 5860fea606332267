import { Link } from '@tanstack/react-router';
import { Copy } from 'lucide-react';
import type { ProfileEntry } from '../../../../src/contract/index.ts';
import { permissionModes } from '../../access/permission-modes.ts';
import { buttonStyle } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import type { Column } from '../../ui/data-table.tsx';
import { Tooltip } from '../../ui/tooltip.tsx';
import { TimeText } from '../../ui/values.tsx';
import { OriginBadge } from './origin-badge.tsx';

export function profileColumns(isAdmin: boolean): readonly Column<ProfileEntry>[] {
  return [
    {
      id: 'name',
      header: 'Name',
      width: 240,
      grow: 4,
      sortValue: ({ name }) => name,
      cell: ({ name, description }) => (
        <>
          <span className="font-medium">{name}</span>
          {description !== '' && (
            <span className="block truncate text-xs font-normal text-faint">{description}</span>
          )}
        </>
      ),
    },
    {
      id: 'model',
      header: 'Model',
      width: 120,
      sortValue: ({ model }) => model,
      cell: ({ model }) => model ?? <span className="text-faint">as the server</span>,
    },
    { id: 'tools', header: 'Tools', width: 130, priority: 1, cell: (profile) => describeTools(profile) },
    {
      id: 'mode',
      header: 'Permissions',
      width: 130,
      priority: 2,
      cell: ({ permissionMode }) =>
        permissionModes.find(({ value }) => value === permissionMode)?.label ?? (
          <span className="text-faint">as the server</span>
        ),
    },
    {
      id: 'origin',
      header: 'Origin',
      width: 130,
      priority: 3,
      sortValue: ({ origin }) => origin,
      cell: ({ origin }) => <OriginBadge origin={origin} />,
    },
    {
      id: 'updated',
      header: 'Changed',
      width: 100,
      priority: 4,
      sortValue: ({ updatedAt }) => updatedAt,
      cell: ({ updatedAt }) =>
        updatedAt === null ? (
          <span className="text-faint">never</span>
        ) : (
          <TimeText at={updatedAt} className="relative z-10" />
        ),
    },
    ...(isAdmin ? [duplicate] : []),
  ];
}

const duplicate: Column<ProfileEntry> = {
  id: 'duplicate',
  header: '',
  width: 32,
  grow: 0,
  align: 'right',
  card: 'hidden',
  cell: ({ name }) => (
    <Tooltip text={`Duplicate ${name}`}>
      <Link
        to="/profiles/$name"
        params={{ name: 'new' }}
        search={{ from: name }}
        aria-label={`Duplicate ${name}`}
        className={cx(buttonStyle({ variant: 'ghost', size: 'sm' }), 'relative z-10 w-7 px-0')}
      >
        <Copy className="size-4" aria-hidden />
      </Link>
    </Tooltip>
  ),
};

function describeTools({ builtInTools, mcpServers }: ProfileEntry): string {
  const own =
    builtInTools === 'all'
      ? 'all'
      : builtInTools === 'none' || builtInTools.length === 0
        ? 'none'
        : `${builtInTools.length} built in`;
  const servers = Object.keys(mcpServers).length;
  return servers === 0 ? own : `${own}, ${servers} MCP`;
}
