import { useMemo, useState } from 'react';
import { type DiffLine, parseDiff } from '../code/parse-diff.ts';
import { cx } from './cx.ts';

interface DiffViewProps {
  /** A unified diff of one file. */
  readonly diff: string;
  /** The file, for screen readers. */
  readonly label: string;
  readonly className?: string;
}

const most = 400;

const styles: Readonly<Record<DiffLine['kind'], string>> = {
  hunk: 'bg-accent-soft text-muted',
  added: 'bg-ok-soft',
  removed: 'bg-danger-soft',
  same: '',
  note: 'text-faint',
};

const signs: Readonly<Record<DiffLine['kind'], string>> = {
  hunk: ' ',
  added: '+',
  removed: '−',
  same: ' ',
  note: ' ',
};

export function DiffView({ diff, label, className }: DiffViewProps) {
  const lines = useMemo(() => parseDiff(diff), [diff]);
  const [limit, setLimit] = useState(most);
  return (
    <div className={cx('min-w-0 overflow-hidden rounded-md border border-line bg-surface', className)}>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is of forms, and as regions there would be too many landmarks. */}
      <section
        role="group"
        aria-label={`Changes of ${label}`}
        tabIndex={0}
        className="focus-inset max-h-[40rem] overflow-auto"
      >
        <div className="w-fit min-w-full py-1 font-mono text-xs leading-5">
          {lines.slice(0, limit).map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line has no other name than its place.
            <div key={index} className={cx('flex px-2 whitespace-pre', styles[line.kind])}>
              <span className="w-9 shrink-0 pr-2 text-right text-faint select-none" aria-hidden>
                {line.before}
              </span>
              <span className="w-9 shrink-0 pr-2 text-right text-faint select-none" aria-hidden>
                {line.after}
              </span>
              <span className="w-4 shrink-0 text-faint">{signs[line.kind]}</span>
              <span>{line.text === '' ? ' ' : line.text}</span>
            </div>
          ))}
        </div>
      </section>
      {lines.length > limit && (
        <button
          type="button"
          className="w-full border-t border-line py-1.5 text-xs text-accent hover:bg-hover"
          onClick={() => setLimit(lines.length)}
        >
          Show {lines.length - limit} more lines
        </button>
      )}
    </div>
  );
}
