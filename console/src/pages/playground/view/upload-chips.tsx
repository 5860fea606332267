import { CircleAlert, Paperclip, RotateCw, X } from 'lucide-react';
import { formatBytes, formatPercent } from '../../../format/format.ts';
import { cx } from '../../../ui/cx.ts';
import type { Upload, Uploads } from '../state/use-uploads.ts';

/** The files that go with the next message. */
export function UploadChips({ uploads }: { readonly uploads: Uploads }) {
  if (uploads.list.length === 0) return null;
  return (
    <ul aria-label="Attached files" className="flex flex-wrap gap-1.5">
      {uploads.list.map((upload) => (
        <Chip
          key={upload.id}
          upload={upload}
          onRemove={() => uploads.remove(upload.id)}
          onRetry={() => uploads.retry(upload.id)}
        />
      ))}
    </ul>
  );
}

interface ChipProps {
  readonly upload: Upload;
  readonly onRemove: () => void;
  readonly onRetry: () => void;
}

const small =
  'inline-flex size-6 shrink-0 items-center justify-center rounded-sm text-muted hover:bg-hover hover:text-fg pointer-coarse:size-9';

function Chip({ upload: { file, share, fileId, error }, onRemove, onRetry }: ChipProps) {
  const Icon = error === undefined ? Paperclip : CircleAlert;
  const state = error ?? (fileId === undefined ? formatPercent(share) : formatBytes(file.size));
  return (
    <li
      className={cx(
        'relative inline-flex max-w-full items-center gap-1.5 overflow-hidden rounded-md border py-0.5 pr-0.5 pl-2 text-xs',
        error === undefined ? 'border-line bg-sunken' : 'border-danger bg-danger-soft',
      )}
    >
      <Icon
        className={cx('size-3.5 shrink-0', error === undefined ? 'text-faint' : 'text-danger')}
        aria-hidden
      />
      <span className="max-w-48 truncate font-medium">{file.name}</span>
      <span
        className={cx('max-w-64 truncate', error === undefined ? 'text-faint' : 'text-danger')}
        role={error === undefined ? undefined : 'alert'}
      >
        {state}
      </span>
      {error !== undefined && (
        <button type="button" className={small} aria-label={`Send ${file.name} again`} onClick={onRetry}>
          <RotateCw className="size-3.5" aria-hidden />
        </button>
      )}
      <button type="button" className={small} aria-label={`Take away ${file.name}`} onClick={onRemove}>
        <X className="size-3.5" aria-hidden />
      </button>
      {fileId === undefined && error === undefined && (
        <progress className="sr-only" aria-label={`Upload of ${file.name}`} value={share} max={1} />
      )}
      {fileId === undefined && error === undefined && (
        <span
          aria-hidden
          className="absolute bottom-0 left-0 h-0.5 bg-accent"
          style={{ width: `${share * 100}%` }}
        />
      )}
    </li>
  );
}
