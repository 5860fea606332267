import { Eye } from 'lucide-react';
import type { RequestRecord } from '../../../../src/contract/index.ts';
import { formatCompact, formatDuration, formatMoney, formatNumber, none } from '../../format/format.ts';
import { StatusBadge } from '../../ui/badge.tsx';
import { IconButton } from '../../ui/button.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { TimeText } from '../../ui/values.tsx';

const blank = <span className="text-faint">{none}</span>;

const text = (value: string | null) => value ?? blank;
const mono = (value: string | null) =>
  value === null ? blank : <span className="font-mono text-xs">{value}</span>;

/** The first one leads to the record; it is always there. */
const first: Column<RequestRecord> = {
  id: 'time',
  header: 'Time',
  width: 110,
  grow: 0,
  card: 'line',
  cell: ({ startedAt }) => <TimeText at={startedAt} />,
};

const others: readonly Column<RequestRecord>[] = [
  {
    id: 'status',
    header: 'Status',
    width: 130,
    cell: ({ status, errorCode }) => <StatusBadge status={status} code={errorCode} />,
  },
  {
    id: 'model',
    header: 'Model',
    width: 140,
    card: 'title',
    cell: (one) => text(one.modelUsed ?? one.modelAsked),
  },
  {
    id: 'asked',
    header: 'Asked for',
    card: 'hidden',
    width: 120,
    priority: 4,
    cell: (one) => text(one.modelAsked),
  },
  {
    id: 'key',
    header: 'API key',
    width: 110,
    priority: 1,
    cell: (one) => one.keyName ?? <span className="text-faint">no key</span>,
  },
  { id: 'profile', header: 'Profile', width: 90, priority: 4, cell: (one) => text(one.profile) },
  {
    id: 'endpoint',
    header: 'Endpoint',
    card: 'hidden',
    width: 160,
    priority: 4,
    cell: (one) => mono(one.endpoint),
  },
  { id: 'error', header: 'Error', width: 180, grow: 2, priority: 4, cell: (one) => text(one.errorMessage) },
  {
    id: 'tools',
    header: 'Tools',
    card: 'hidden',
    width: 110,
    priority: 5,
    cell: (one) => text(Object.keys(one.tools).join(', ') || null),
  },
  {
    id: 'files',
    header: 'Files',
    card: 'hidden',
    width: 60,
    grow: 0,
    align: 'right',
    priority: 4,
    cell: (one) => formatNumber(one.files.length),
  },
  {
    id: 'duration',
    header: 'Duration',
    width: 90,
    grow: 0,
    align: 'right',
    cell: (one) => formatDuration(one.durationMs),
  },
  {
    id: 'firstToken',
    header: 'First token',
    card: 'hidden',
    width: 90,
    grow: 0,
    align: 'right',
    priority: 3,
    cell: (one) => formatDuration(one.firstTokenMs),
  },
  {
    id: 'tokens',
    header: 'In / out',
    width: 110,
    grow: 0,
    align: 'right',
    priority: 2,
    cell: (one) => `${formatCompact(one.inputTokens)} / ${formatCompact(one.outputTokens)}`,
  },
  {
    id: 'cached',
    header: 'Cached',
    card: 'hidden',
    width: 80,
    grow: 0,
    align: 'right',
    priority: 4,
    cell: (one) => formatCompact(one.cachedInputTokens),
  },
  { id: 'cost', header: 'Cost', width: 80, grow: 0, align: 'right', cell: (one) => formatMoney(one.costUsd) },
  {
    id: 'conversation',
    header: 'Conversation',
    width: 140,
    priority: 5,
    card: 'hidden',
    cell: (one) => mono(one.conversation),
  },
  {
    id: 'client',
    header: 'Client',
    width: 120,
    priority: 5,
    card: 'hidden',
    cell: (one) => text(one.client),
  },
  {
    id: 'address',
    header: 'Address',
    width: 110,
    priority: 5,
    card: 'hidden',
    cell: (one) => text(one.address),
  },
  { id: 'id', header: 'Request id', width: 180, priority: 5, card: 'hidden', cell: (one) => mono(one.id) },
];

export const columnChoices: readonly { readonly id: string; readonly label: string }[] = others.map(
  ({ id, header }) => ({
    id,
    label: header,
  }),
);

export const columnsAtFirst: readonly string[] = [
  ...['status', 'model', 'key', 'endpoint', 'tools', 'duration', 'firstToken', 'tokens', 'cost'],
];

/** Those that are chosen, with the way to the drawer at the end. */
export function shownColumns(
  chosen: ReadonlySet<string>,
  onPeek: (record: RequestRecord) => void,
): readonly Column<RequestRecord>[] {
  const peek: Column<RequestRecord> = {
    id: 'peek',
    header: 'Preview',
    width: 56,
    grow: 0,
    align: 'right',
    card: 'hidden',
    cell: (record) => (
      <IconButton
        size="sm"
        icon={Eye}
        label={`Preview ${record.id}`}
        className="relative z-10 -my-1 align-middle"
        onClick={() => onPeek(record)}
      />
    ),
  };
  return [first, ...others.filter(({ id }) => chosen.has(id)), peek];
}
