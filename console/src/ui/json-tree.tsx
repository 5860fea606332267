import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { formatNumber } from '../format/format.ts';
import { cx } from './cx.ts';

interface JsonTreeProps {
  readonly value: unknown;
  /** What it is, for screen readers. */
  readonly label: string;
  /** So many levels are open at first. Default: 2. */
  readonly open?: number;
  readonly className?: string;
}

const most = 100;
const longestText = 2000;

/** JSON to look into. What is closed costs nothing, long lists come in parts: megabytes do no harm. */
export function JsonTree({ value, label, open = 2, className }: JsonTreeProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is of forms, and as regions there would be too many landmarks.
    <section
      role="group"
      aria-label={label}
      className={cx('min-w-0 overflow-x-auto font-mono text-xs leading-5', className)}
    >
      <Node name={undefined} value={value} open={open} />
    </section>
  );
}

interface NodeProps {
  readonly name: string | number | undefined;
  readonly value: unknown;
  readonly open: number;
}

function Node({ name, value, open }: NodeProps) {
  const [shown, setShown] = useState(open > 0);
  const [limit, setLimit] = useState(most);
  const entries = entriesOf(value);
  if (entries === undefined || entries.length === 0) {
    return (
      <div className="pl-4">
        <Name name={name} />
        <Leaf value={value} />
      </div>
    );
  }
  const list = Array.isArray(value);
  return (
    <div>
      <button
        type="button"
        aria-expanded={shown}
        className="focus-inset flex min-h-6 max-w-full items-center rounded-sm text-left hover:bg-hover"
        onClick={() => setShown(!shown)}
      >
        <ChevronRight
          className={cx('size-4 shrink-0 text-faint transition-transform', shown && 'rotate-90')}
          aria-hidden
        />
        <Name name={name} />
        <span className="text-faint">
          {list ? `[${entries.length}]` : `{${entries.length}}`}
          {!shown && <span className="ml-2 text-faint">{summary(entries, list)}</span>}
        </span>
      </button>
      {shown && (
        <div className="ml-2 border-l border-line pl-2">
          {entries.slice(0, limit).map(([key, child]) => (
            <Node key={key} name={list ? Number(key) : key} value={child} open={open - 1} />
          ))}
          {entries.length > limit && (
            <button
              type="button"
              className="pl-4 text-accent hover:underline"
              onClick={() => setLimit(limit + 10 * most)}
            >
              {entries.length - limit} more
            </button>
          )}
        </div>
      )}
    </div>
  );
}

function Name({ name }: { readonly name: string | number | undefined }) {
  if (name === undefined) return null;
  return (
    <span className={cx('mr-2 shrink-0', typeof name === 'number' ? 'text-faint' : 'text-accent')}>
      {name}:
    </span>
  );
}

function Leaf({ value }: { readonly value: unknown }) {
  const [whole, setWhole] = useState(false);
  if (typeof value !== 'string') {
    const empty = typeof value === 'object' && value !== null;
    return <span className={empty ? 'text-faint' : 'text-warn'}>{JSON.stringify(value) ?? 'undefined'}</span>;
  }
  const long = value.length > longestText && !whole;
  return (
    <span className="whitespace-pre-wrap text-ok">
      {long ? value.slice(0, longestText) : value === '' ? '""' : value}
      {long && (
        <button
          type="button"
          className="ml-1 font-sans text-accent hover:underline"
          onClick={() => setWhole(true)}
        >
          … {formatNumber(value.length - longestText)} more characters
        </button>
      )}
    </span>
  );
}

function entriesOf(value: unknown): [string, unknown][] | undefined {
  return typeof value === 'object' && value !== null ? Object.entries(value) : undefined;
}

function summary(entries: readonly [string, unknown][], list: boolean): string {
  if (list) return '';
  const names = entries.slice(0, 4).map(([key]) => key);
  return names.join(', ') + (entries.length > names.length ? ', …' : '');
}
