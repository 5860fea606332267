import { Link } from '@tanstack/react-router';
import { ListTree, MessageSquareText } from 'lucide-react';
import type { ConversationEntry } from '../../../../src/contract/index.ts';
import { buttonStyle } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import type { Column } from '../../ui/data-table.tsx';
import { Tooltip } from '../../ui/tooltip.tsx';
import { TimeText } from '../../ui/values.tsx';

const square = cx(buttonStyle({ variant: 'ghost', size: 'sm' }), 'w-7 px-0 pointer-coarse:w-9');

export const conversationColumns: readonly Column<ConversationEntry>[] = [
  {
    id: 'title',
    header: 'Begins with',
    width: 200,
    grow: 4,
    card: 'title',
    cell: ({ title }) =>
      title === '' ? (
        <span className="text-faint">Nothing said yet</span>
      ) : (
        <span className="font-medium">{title}</span>
      ),
  },
  {
    id: 'kind',
    header: 'Kind',
    width: 104,
    grow: 0,
    priority: 3,
    cell: ({ kind }) => (
      <span className="text-muted">{kind === 'conversation' ? 'Conversation' : 'Responses'}</span>
    ),
  },
  {
    id: 'key',
    header: 'Key',
    width: 110,
    priority: 2,
    cell: ({ keyName, keyId }) => keyName ?? keyId ?? <span className="text-faint">no key</span>,
  },
  {
    id: 'model',
    header: 'Model',
    width: 120,
    priority: 1,
    cell: ({ model }) => model ?? <span className="text-faint">–</span>,
  },
  {
    id: 'created',
    header: 'Begun',
    width: 96,
    grow: 0,
    priority: 4,
    align: 'right',
    card: 'hidden',
    cell: ({ createdAt }) => <TimeText at={createdAt} className="relative z-10" />,
  },
  {
    id: 'updated',
    header: 'Last change',
    width: 96,
    grow: 0,
    align: 'right',
    cell: ({ updatedAt }) => <TimeText at={updatedAt} className="relative z-10" />,
  },
  {
    id: 'actions',
    header: '',
    width: 76,
    grow: 0,
    align: 'right',
    cell: ({ id }) => (
      <span className="relative z-10 inline-flex">
        <Tooltip text="Continue in the playground">
          <Link
            to="/playground"
            search={{ conversation: id }}
            aria-label="Continue in the playground"
            className={square}
          >
            <MessageSquareText className="size-4" aria-hidden />
          </Link>
        </Tooltip>
        <Tooltip text="Its requests">
          <Link to="/records" search={{ conversation: id }} aria-label="Its requests" className={square}>
            <ListTree className="size-4" aria-hidden />
          </Link>
        </Tooltip>
      </span>
    ),
  },
];
