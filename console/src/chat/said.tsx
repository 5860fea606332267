import { Paperclip } from 'lucide-react';
import type { ReactNode } from 'react';
import type { SentFile } from './turns-of-items.ts';

/** What somebody said, on the right, with the files that came along. */
export function Said({
  text,
  files,
  children,
}: {
  readonly text: string;
  readonly files: readonly SentFile[];
  readonly children?: ReactNode;
}) {
  return (
    <div className="ml-auto flex w-fit max-w-[min(85%,44rem)] min-w-0 flex-col gap-2 rounded-lg rounded-br-sm bg-accent-soft px-3.5 py-2.5">
      {files.length > 0 && (
        <ul aria-label="Files" className="flex flex-wrap gap-1.5">
          {files.map(({ name, fileId }, index) => (
            <li
              key={fileId ?? `${name}-${index}`}
              className="inline-flex max-w-full items-center gap-1.5 rounded-sm bg-surface px-2 py-0.5 text-xs text-muted"
            >
              <Paperclip className="size-3 shrink-0" aria-hidden />
              <span className="truncate">{name}</span>
            </li>
          ))}
        </ul>
      )}
      {text !== '' && <p className="min-w-0 text-base whitespace-pre-wrap">{text}</p>}
      {children}
    </div>
  );
}

/** Instructions, over the whole width. */
export function SystemText({ text }: { readonly text: string }) {
  return (
    <details className="min-w-0 rounded-md border border-dashed border-line-strong/60 px-3 py-2 text-sm">
      <summary className="min-h-6 truncate text-muted">
        <span className="font-medium">System text</span>{' '}
        <span className="text-xs text-faint">{text.slice(0, 120)}</span>
      </summary>
      <p className="mt-2 max-h-80 overflow-y-auto whitespace-pre-wrap text-muted">{text}</p>
    </details>
  );
}
