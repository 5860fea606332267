import type { UseQueryResult } from '@tanstack/react-query';
import { History, Undo2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { Setting } from '../../../../src/contract/index.ts';
import type { Answer } from '../../api/call-types.ts';
import { Button } from '../../ui/button.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { TimeText } from '../../ui/values.tsx';
import type { PlannedChange } from './draft.ts';
import { BeforeAfter, ReviewDialog } from './review-dialog.tsx';
import { sameValue } from './setting-input.ts';
import { isFixed, type SettingChange } from './setting-row.tsx';
import { settingTitle } from './setting-title.ts';
import { changedText } from './value-text.ts';

interface HistoryTabProps {
  readonly history: UseQueryResult<Answer<'settingHistory'>>;
  readonly settings: readonly Setting[];
  readonly editable: boolean;
}

/** Who changed what, and the way back. */
export function HistoryTab({ history, settings, editable }: HistoryTabProps) {
  const [undone, setUndone] = useState<PlannedChange>();
  const [open, setOpen] = useState(false);
  const columns = useMemo(() => {
    const undo = (change: PlannedChange): void => {
      setUndone(change);
      setOpen(true);
    };
    return historyColumns(
      new Map(settings.map((setting) => [setting.name, setting])),
      editable ? undo : undefined,
    );
  }, [settings, editable]);
  if (history.error !== null && history.data === undefined) {
    return (
      <ErrorState error={history.error} onRetry={history.refetch} title="The history could not be loaded" />
    );
  }
  return (
    <>
      <DataTable
        label="Changes of settings"
        columns={columns}
        rows={history.data?.items ?? []}
        rowId={({ id }) => String(id)}
        loading={history.isPending}
        empty={
          <EmptyState icon={History} title="Nothing was changed yet">
            Whatever somebody changes on the first tab is kept here, and can be undone.
          </EmptyState>
        }
      />
      <ReviewDialog
        open={open}
        changes={undone === undefined ? [] : [undone]}
        onClose={() => setOpen(false)}
        onSaved={() => setOpen(false)}
      />
    </>
  );
}

function historyColumns(
  settings: ReadonlyMap<string, Setting>,
  onUndo: ((change: PlannedChange) => void) | undefined,
): readonly Column<SettingChange>[] {
  const columns: Column<SettingChange>[] = [
    {
      id: 'name',
      header: 'Setting',
      width: 180,
      card: 'title',
      sortValue: ({ name }) => settingTitle(name),
      cell: ({ name }) => <span title={name}>{settingTitle(name)}</span>,
    },
    {
      id: 'change',
      header: 'Change',
      width: 240,
      grow: 3,
      cell: ({ name, before, after }) => (
        <BeforeAfter
          before={changedText(settings.get(name), before)}
          after={changedText(settings.get(name), after)}
        />
      ),
    },
    {
      id: 'by',
      header: 'By',
      width: 120,
      priority: 1,
      sortValue: ({ by }) => by,
      cell: ({ by }) => by,
    },
    {
      id: 'at',
      header: 'When',
      width: 120,
      grow: 0,
      sortValue: ({ at }) => at,
      cell: ({ at }) => <TimeText at={at} />,
    },
  ];
  if (onUndo === undefined) return columns;
  return [
    ...columns,
    {
      id: 'undo',
      header: '',
      width: 84,
      grow: 0,
      align: 'right',
      cell: (change) => <UndoButton change={change} setting={settings.get(change.name)} onUndo={onUndo} />,
    },
  ];
}

interface UndoButtonProps {
  readonly change: SettingChange;
  readonly setting: Setting | undefined;
  readonly onUndo: (change: PlannedChange) => void;
}

/** Brings back the value from before a change; nothing where that holds already. */
function UndoButton({ change, setting, onUndo }: UndoButtonProps) {
  if (setting === undefined || isFixed(setting)) return null;
  const { before } = change;
  const holds = before === null ? setting.source !== 'console' : sameValue(before, setting.value);
  if (holds) return null;
  return (
    <Button
      size="sm"
      icon={Undo2}
      aria-label={`Undo: ${settingTitle(change.name)} to ${changedText(setting, before)}`}
      onClick={() => onUndo({ setting, value: before })}
    >
      Undo
    </Button>
  );
}
