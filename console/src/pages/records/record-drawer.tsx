import { Link } from '@tanstack/react-router';
import { ChevronDown, ChevronUp } from 'lucide-react';
import type { RequestRecord } from '../../../../src/contract/index.ts';
import { useApi } from '../../api/use-api.ts';
import { buttonStyle, IconButton } from '../../ui/button.tsx';
import { Drawer } from '../../ui/drawer.tsx';
import { ErrorState, SkeletonRows } from '../../ui/states.tsx';
import { ErrorBanner, hasFailed } from '../run/error-banner.tsx';
import { Facts } from '../run/facts.tsx';
import { RecordFigures } from '../run/figures.tsx';

interface RecordDrawerProps {
  readonly id: string;
  readonly rows: readonly RequestRecord[];
  readonly onShow: (id: string | undefined) => void;
}

/** One record beside the list, with the way to the next. */
export function RecordDrawer({ id, rows, onShow }: RecordDrawerProps) {
  const place = rows.findIndex((row) => row.id === id);
  const listed = rows[place];
  const { data, error, refetch } = useApi('getRecord', { params: { id } }, { enabled: listed === undefined });
  const record = listed ?? data;
  const before = place > 0 ? rows[place - 1] : undefined;
  const after = place >= 0 ? rows[place + 1] : undefined;
  return (
    <Drawer
      open
      onOpenChange={() => onShow(undefined)}
      title={record?.modelUsed ?? record?.modelAsked ?? record?.endpoint ?? 'Request'}
      description={<span className="font-mono text-xs">{id}</span>}
      size="lg"
      footer={
        <>
          <IconButton
            icon={ChevronUp}
            label="Newer request"
            variant="secondary"
            disabled={before === undefined}
            onClick={() => onShow(before?.id)}
          />
          <IconButton
            icon={ChevronDown}
            label="Older request"
            variant="secondary"
            disabled={after === undefined}
            className="mr-auto"
            onClick={() => onShow(after?.id)}
          />
          <Link to="/records/$id" params={{ id }} className={buttonStyle({ variant: 'primary' })}>
            Open the record
          </Link>
        </>
      }
    >
      {record !== undefined ? (
        <div className="flex flex-col gap-4 [--tiles:3]">
          <RecordFigures record={record} />
          {hasFailed(record) && <ErrorBanner record={record} />}
          <Facts record={record} narrow />
        </div>
      ) : error !== null ? (
        <ErrorState error={error} onRetry={refetch} />
      ) : (
        <SkeletonRows />
      )}
    </Drawer>
  );
}
