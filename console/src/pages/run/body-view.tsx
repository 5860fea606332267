import { Download } from 'lucide-react';
import { useMemo, useState } from 'react';
import { hasLeftOut } from '../../agent/left-out.ts';
import { saveText } from '../../api/download.ts';
import { formatBytes } from '../../format/format.ts';
import { Button } from '../../ui/button.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { JsonTree } from '../../ui/json-tree.tsx';
import { Segments } from '../../ui/tabs.tsx';
import { KeepMore } from './keep-more.tsx';

interface BodyViewProps {
  /** `Request` or `Response`. */
  readonly title: string;
  readonly body: unknown;
  /** Of the file that it can be saved as. */
  readonly filename: string;
  readonly truncated: boolean;
}

/** What is shown of a large body as it is; the tree shows all of it, part by part. */
const mostShown = 200_000;

export function BodyView({ title, body, filename, truncated }: BodyViewProps) {
  const [view, setView] = useState<'tree' | 'raw'>('tree');
  const text = useMemo(() => JSON.stringify(body, null, 2) ?? '', [body]);
  const leftOut = useMemo(() => hasLeftOut(body), [body]);
  const isLarge = text.length > mostShown;
  if (body === null) {
    return (
      <p className="rounded-lg border border-line bg-surface px-4 py-6 text-sm text-muted">
        The {title.toLowerCase()} had no body.
      </p>
    );
  }
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <div className="flex items-center gap-3">
          <Segments
            label={`${title} as`}
            value={view}
            onChange={setView}
            options={[
              { value: 'tree', label: 'Tree' },
              { value: 'raw', label: 'Raw' },
            ]}
          />
          <span className="text-xs text-faint">{formatBytes(text.length)}</span>
        </div>
        <div className="flex items-center gap-2">
          <CopyButton text={text} label={`Copy the ${title.toLowerCase()}`} wide />
          <Button size="sm" icon={Download} onClick={() => saveText(filename, text, 'application/json')}>
            Download
          </Button>
        </div>
      </div>
      {leftOut && <KeepMore />}
      {truncated && (
        <p className="text-xs text-faint">Some of it may have been left out to keep to RECORD_BODY_MAX_KB.</p>
      )}
      {view === 'tree' ? (
        <div className="rounded-lg border border-line bg-surface p-3">
          <JsonTree value={body} label={title} open={3} />
        </div>
      ) : (
        <>
          {isLarge && (
            <p className="text-sm text-muted">
              The first {formatBytes(mostShown)} of {formatBytes(text.length)}. Download it to see the whole.
            </p>
          )}
          <CodeBlock
            code={isLarge ? text.slice(0, mostShown) : text}
            language="json"
            label={title.toLowerCase()}
            wrap
          />
        </>
      )}
    </div>
  );
}
