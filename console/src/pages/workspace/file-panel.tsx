import { useQuery } from '@tanstack/react-query';
import { Download, Trash2, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { WorkspaceFileEntry } from '../../../../src/contract/index.ts';
import { fetchFile } from '../../api/call.ts';
import { download } from '../../api/download.ts';
import { FilePreview, previewBytes } from '../../chat/file-preview.tsx';
import { kindOfFile } from '../../chat/kind-of-file.ts';
import { formatBytes, formatNumber } from '../../format/format.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ErrorState, SkeletonRows } from '../../ui/states.tsx';
import { TimeText } from '../../ui/values.tsx';
import { readBeginning } from './read-beginning.ts';

interface FilePanelProps {
  readonly id: string;
  readonly file: WorkspaceFileEntry;
  readonly rendered: boolean;
  readonly onRenderedChange: (rendered: boolean) => void;
  readonly onClose: () => void;
  /** Undefined: whoever is here may not. */
  readonly onDelete: (() => void) | undefined;
}

/** Pictures that are larger are not fetched to be looked at. */
const mostImageBytes = 20_000_000;

/** One file: what is in it, as far as it can be looked at. */
export function FilePanel({ id, file, rendered, onRenderedChange, onClose, onDelete }: FilePanelProps) {
  const save = (): void => download('readWorkspaceFile', { params: { id }, query: { path: file.path } });
  return (
    <Card
      title={<span className="break-all">{file.name}</span>}
      description={
        <>
          {formatBytes(file.bytes)}, changed <TimeText at={file.modifiedAt} />
        </>
      }
      actions={
        <span className="flex items-center gap-1">
          <CopyButton text={file.path} label="Copy the path" />
          <IconButton size="sm" icon={Download} label={`Download ${file.name}`} onClick={save} />
          {onDelete !== undefined && (
            <IconButton size="sm" icon={Trash2} label={`Delete ${file.name}`} onClick={onDelete} />
          )}
          <IconButton size="sm" icon={X} label="Close the file" onClick={onClose} />
        </span>
      }
    >
      {isShown(file) ? (
        <Content id={id} file={file} rendered={rendered} onRenderedChange={onRenderedChange} />
      ) : (
        <Facts
          file={file}
          action={
            <Button icon={Download} onClick={save}>
              Download
            </Button>
          }
        />
      )}
    </Card>
  );
}

function isShown({ name, mediaType, bytes }: WorkspaceFileEntry): boolean {
  const kind = kindOfFile(name, mediaType);
  return kind === 'text' || (kind === 'image' && bytes <= mostImageBytes);
}

type ContentProps = Pick<FilePanelProps, 'id' | 'file' | 'rendered' | 'onRenderedChange'>;

function Content({ id, file, rendered, onRenderedChange }: ContentProps) {
  const { path, modifiedAt, bytes } = file;
  const image = kindOfFile(file.name, file.mediaType) === 'image';
  const { data, error, refetch } = useQuery({
    queryKey: ['workspace-file', id, path, modifiedAt, bytes],
    queryFn: async ({ signal }) => {
      const response = await fetchFile('readWorkspaceFile', { params: { id }, query: { path } }, signal);
      return image ? response.blob() : readBeginning(response, previewBytes);
    },
    staleTime: 60_000,
  });
  if (data !== undefined) {
    return (
      <FilePreview
        key={path}
        name={file.name}
        mediaType={file.mediaType}
        blob={data}
        size={bytes}
        markdown={{
          value: rendered ? 'rendered' : 'text',
          onChange: (value) => onRenderedChange(value === 'rendered'),
        }}
      />
    );
  }
  if (error !== null)
    return <ErrorState error={error} onRetry={refetch} title="The file could not be loaded" />;
  return <SkeletonRows rows={8} label={`Loading ${file.name}`} />;
}

function Facts({ file, action }: { readonly file: WorkspaceFileEntry; readonly action: ReactNode }) {
  return (
    <div className="flex flex-col items-start gap-4">
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1 text-sm">
        <dt className="text-faint">Path</dt>
        <dd className="font-mono text-xs leading-5 break-all">{file.path}</dd>
        <dt className="text-faint">Type</dt>
        <dd>{file.mediaType ?? 'not known'}</dd>
        <dt className="text-faint">Size</dt>
        <dd>{formatNumber(file.bytes)} bytes</dd>
      </dl>
      <p className="text-sm text-muted">This cannot be shown here.</p>
      {action}
    </div>
  );
}
