import { ArrowRight } from 'lucide-react';
import type { ReactNode } from 'react';
import type { AuditEntry } from '../../../../src/contract/index.ts';
import { formatTime } from '../../format/format.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Drawer } from '../../ui/drawer.tsx';
import { JsonTree } from '../../ui/json-tree.tsx';
import { TimeText } from '../../ui/values.tsx';
import { changesOf, describeEntry, type FieldChange, shown } from './describe-entry.ts';
import { TargetLink } from './target-link.tsx';

interface EntryDrawerProps {
  readonly entry: AuditEntry | undefined;
  readonly onClose: () => void;
}

/** All that is known of one action. */
export function EntryDrawer({ entry, onClose }: EntryDrawerProps) {
  const changes = entry === undefined ? undefined : changesOf(entry);
  return (
    <Drawer
      open={entry !== undefined}
      onOpenChange={(open) => !open && onClose()}
      title={entry === undefined ? '' : describeEntry(entry)}
    >
      {entry !== undefined && (
        <div className="flex flex-col gap-6">
          <dl className="grid grid-cols-[6rem_minmax(0,1fr)] gap-x-4 gap-y-2 text-sm">
            <Line name="Who">{entry.actor}</Line>
            <Line name="When">
              {formatTime(entry.at)} (<TimeText at={entry.at} />)
            </Line>
            <Line name="From">{entry.address ?? 'this machine'}</Line>
            <Line name="Action">
              <code className="font-mono text-xs">{entry.action}</code>
            </Line>
            {entry.target !== null && (
              <Line name="Target">
                <TargetLink entry={entry} />
              </Line>
            )}
          </dl>
          {changes !== undefined && <Changes changes={changes} />}
          {changes === undefined && Object.keys(entry.details).length > 0 && (
            <section>
              <h3 className="mb-2 text-sm font-semibold">Details</h3>
              <JsonTree value={entry.details} label="Details" open={3} className="rounded-md bg-sunken p-3" />
            </section>
          )}
          <CopyButton
            wide
            label="Copy as JSON"
            text={() => JSON.stringify(entry, null, 2)}
            className="self-start"
          />
        </div>
      )}
    </Drawer>
  );
}

function Line({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-faint">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}

function Changes({ changes }: { readonly changes: readonly FieldChange[] }) {
  return (
    <section>
      <h3 className="mb-2 text-sm font-semibold">What changed</h3>
      <ul className="divide-y divide-line rounded-md border border-line">
        {changes.map(({ field, before, after }) => (
          <li key={field} className="flex flex-col gap-1 px-3 py-2 text-sm">
            <code className="font-mono text-xs break-all text-faint">{field}</code>
            <span className="flex flex-wrap items-center gap-1.5">
              <del className="min-w-0 rounded-sm bg-danger-soft px-1.5 break-all text-danger no-underline">
                <span className="sr-only">Before: </span>
                {shown(before)}
              </del>
              <ArrowRight className="size-3.5 shrink-0 text-faint" aria-hidden />
              <ins className="min-w-0 rounded-sm bg-ok-soft px-1.5 break-all text-ok no-underline">
                <span className="sr-only">After: </span>
                {shown(after)}
              </ins>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
