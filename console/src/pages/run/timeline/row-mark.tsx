import {
  Brain,
  CircleAlert,
  CircleCheck,
  Files,
  Hourglass,
  Info,
  type LucideIcon,
  MessageSquare,
  Play,
  RotateCcw,
  Undo2,
} from 'lucide-react';
import { toolIcon } from '../../../agent/tool-icon.ts';
import { splitToolName } from '../../../agent/tool-summary.ts';
import { cx } from '../../../ui/cx.ts';
import type { EntryRow, TimelineRow } from './build-rows.ts';

const icons: Readonly<Record<EntryRow['entry']['type'], LucideIcon>> = {
  started: Play,
  text: MessageSquare,
  text_reset: RotateCcw,
  thinking: Brain,
  client_call: Undo2,
  approval_requested: Hourglass,
  files: Files,
  notice: Info,
  done: CircleCheck,
  error: CircleAlert,
};

/** What it is, at a glance, on a line that leads from the beginning to the end. */
export function RowMark({ row, isLast }: { readonly row: TimelineRow; readonly isLast: boolean }) {
  const Icon = row.kind === 'entry' ? icons[row.entry.type] : iconOf(row.name, row.server);
  const failed = row.kind === 'entry' ? row.entry.type === 'error' : row.done?.isError === true;
  return (
    <span aria-hidden className="relative flex w-6 shrink-0 flex-col items-center">
      <span
        className={cx(
          'z-1 flex size-6 shrink-0 items-center justify-center rounded-full border bg-surface',
          failed ? 'border-danger/50 text-danger' : 'border-line text-muted',
        )}
      >
        <Icon className="size-3.5" strokeWidth={1.75} />
      </span>
      {!isLast && <span className="absolute top-6 -bottom-3 w-px bg-line" />}
    </span>
  );
}

function iconOf(name: string, ofServer: string | undefined): LucideIcon {
  const { name: bare, server } = splitToolName(name, ofServer);
  return toolIcon(bare, server);
}
