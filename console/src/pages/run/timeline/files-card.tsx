import { Link } from '@tanstack/react-router';
import { ChevronRight } from 'lucide-react';
import { useContext, useMemo, useState } from 'react';
import type { FileChangeView, TimelineEntry } from '../../../../../src/contract/index.ts';
import { countChanges, parseDiff } from '../../../code/parse-diff.ts';
import { formatBytes } from '../../../format/format.ts';
import { Badge, type Tone } from '../../../ui/badge.tsx';
import { cx } from '../../../ui/cx.ts';
import { DiffView } from '../../../ui/diff-view.tsx';
import { PublicView } from './public-view.ts';

type FilesEntry = Extract<TimelineEntry, { readonly type: 'files' }>;

const tones: Readonly<Record<FileChangeView['operation'], Tone>> = {
  created: 'ok',
  modified: 'accent',
  deleted: 'danger',
  renamed: 'neutral',
};

/** The files that a run left otherwise than it found them. */
export function FilesCard({
  entry: { workspaceId, changes, omitted, certain },
}: {
  readonly entry: FilesEntry;
}) {
  const isPublic = useContext(PublicView);
  const count = changes.length + omitted;
  return (
    <section aria-label="Changed files" className="min-w-0 rounded-lg border border-line bg-surface">
      <header className="flex flex-wrap items-baseline justify-between gap-x-4 px-3 py-2">
        <h2 className="text-sm font-semibold">{count === 1 ? '1 file changed' : `${count} files changed`}</h2>
        {!isPublic && (
          <Link
            to="/workspaces/$id"
            params={{ id: workspaceId }}
            className="text-xs text-accent hover:underline pointer-coarse:py-2"
          >
            Open the workspace
          </Link>
        )}
      </header>
      {!certain && (
        <p className="px-3 pb-2 text-xs text-warn">
          Another run worked here at the same time: some of this may be its work.
        </p>
      )}
      <ul>
        {changes.map((change) => (
          <Change key={change.path} change={change} workspaceId={workspaceId} open={changes.length <= 3} />
        ))}
      </ul>
      {omitted > 0 && (
        <p className="border-t border-line px-3 py-2 text-xs text-faint">{omitted} more are not told.</p>
      )}
    </section>
  );
}

interface ChangeProps {
  readonly change: FileChangeView;
  readonly workspaceId: string;
  readonly open: boolean;
}

function Change({ change, workspaceId, open: atFirst }: ChangeProps) {
  const { path, operation, previousPath, content, diff } = change;
  const isPublic = useContext(PublicView);
  const [open, setOpen] = useState(atFirst);
  const hasDiff = typeof diff === 'string' && diff !== '';
  const counts = useMemo(() => (hasDiff ? countChanges(parseDiff(diff)) : undefined), [hasDiff, diff]);
  return (
    <li className="border-t border-line">
      <div className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1 px-3 py-1.5">
        {hasDiff ? (
          <button
            type="button"
            aria-expanded={open}
            aria-label={`Changes of ${path}`}
            className="-ml-1 flex size-6 items-center justify-center rounded-sm text-faint hover:bg-hover hover:text-fg pointer-coarse:size-10"
            onClick={() => setOpen(!open)}
          >
            <ChevronRight className={cx('size-4 transition-transform', open && 'rotate-90')} aria-hidden />
          </button>
        ) : (
          <span className="w-5" />
        )}
        <Badge tone={tones[operation]}>{operation}</Badge>
        {operation === 'deleted' || isPublic ? (
          <span className={cx('min-w-0 font-mono text-xs', operation === 'deleted' && 'line-through')}>
            <Renamed from={previousPath} />
            {path}
          </span>
        ) : (
          <Link
            to="/workspaces/$id"
            params={{ id: workspaceId }}
            search={{ file: path }}
            className="min-w-0 font-mono text-xs hover:text-accent hover:underline"
          >
            <Renamed from={previousPath} />
            {path}
          </Link>
        )}
        <span className="ml-auto flex shrink-0 gap-2 text-xs">
          {counts !== undefined && (
            <>
              <span className="text-ok">+{counts.added}</span>
              <span className="text-danger">−{counts.removed}</span>
            </>
          )}
          {content !== undefined && <span className="text-faint">{formatBytes(content.size)}</span>}
        </span>
      </div>
      {hasDiff && open && (
        <div className="px-3 pb-3">
          <DiffView diff={diff} label={path} />
        </div>
      )}
      {diff === null && <p className="px-3 pb-2 pl-10 text-xs text-faint">The diff was not kept.</p>}
    </li>
  );
}

function Renamed({ from }: { readonly from: string | undefined }) {
  return from === undefined ? null : <span className="text-faint">{from} → </span>;
}
