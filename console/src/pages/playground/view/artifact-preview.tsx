import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { FilePreview } from '../../../chat/file-preview.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { DiffView } from '../../../ui/diff-view.tsx';
import { ErrorState, SkeletonRows } from '../../../ui/states.tsx';
import { Segments } from '../../../ui/tabs.tsx';
import type { Artifact } from '../api/answer.ts';
import { fetchArtifact } from '../api/fetch-artifact.ts';

interface ArtifactPreviewProps {
  readonly file: Artifact;
  readonly secret: string | undefined;
  readonly onClose: () => void;
}

const views = [
  { value: 'file', label: 'File' },
  { value: 'diff', label: 'Changes' },
] as const;

/** A file of an answer: as it is, or what changed in it. */
export function ArtifactPreview({ file, secret, onClose }: ArtifactPreviewProps) {
  const kept = file.fileId !== null && file.containerId !== null;
  const [view, setView] = useState<'file' | 'diff'>(kept ? 'file' : 'diff');
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={file.path} size="xl">
      <div className="flex min-w-0 flex-col gap-3">
        {kept && file.diff !== null && (
          <Segments
            label="What is shown"
            value={view}
            options={views}
            onChange={setView}
            className="self-start"
          />
        )}
        {view === 'diff' && file.diff !== null ? (
          <DiffView diff={file.diff} label={file.path} />
        ) : (
          <Content file={file} secret={secret} />
        )}
      </div>
    </Dialog>
  );
}

function Content({ file, secret }: Pick<ArtifactPreviewProps, 'file' | 'secret'>) {
  const { data, error, refetch } = useQuery({
    queryKey: ['playground', 'file', file.containerId, file.fileId],
    queryFn: () => fetchArtifact(file, secret),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  if (data !== undefined) return <FilePreview name={file.path} mediaType={file.mediaType} blob={data} />;
  if (error !== null)
    return <ErrorState error={error} onRetry={refetch} title="The file could not be loaded" />;
  return <SkeletonRows rows={6} label="Loading the file" />;
}
