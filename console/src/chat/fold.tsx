import { ChevronRight, type LucideIcon } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { cx } from '../ui/cx.ts';

interface FoldProps {
  readonly icon: LucideIcon;
  readonly label: ReactNode;
  /** One line of what is inside. */
  readonly summary?: ReactNode;
  /** On the right, such as a state. */
  readonly state?: ReactNode;
  readonly open?: boolean;
  readonly children: ReactNode;
}

/** One line that opens. What is closed is not rendered. */
export function Fold({ icon: Icon, label, summary, state, open = false, children }: FoldProps) {
  const [shown, setShown] = useState(open);
  return (
    <div className="min-w-0 rounded-md border border-line bg-surface">
      <button
        type="button"
        aria-expanded={shown}
        className="focus-inset flex min-h-8 w-full min-w-0 items-center gap-2 rounded-md px-2.5 py-1 text-left text-sm hover:bg-hover pointer-coarse:min-h-10"
        onClick={() => setShown(!shown)}
      >
        <Icon className="size-3.5 shrink-0 text-faint" aria-hidden />
        <span className="shrink-0 font-medium">{label}</span>
        <span className="min-w-0 flex-1 truncate text-xs text-faint">{summary}</span>
        {state}
        <ChevronRight
          className={cx('size-3.5 shrink-0 text-faint transition-transform', shown && 'rotate-90')}
          aria-hidden
        />
      </button>
      {shown && <div className="min-w-0 border-t border-line p-3">{children}</div>}
    </div>
  );
}
