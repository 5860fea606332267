import { Download, Eye, FileDiff, FileMinus2, FilePen, FilePlus2, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { errorMessage } from '../../../api/console-error.ts';
import { saveBlob } from '../../../api/download.ts';
import { formatBytes, formatNumber } from '../../../format/format.ts';
import { IconButton } from '../../../ui/button.tsx';
import type { Artifact } from '../api/answer.ts';
import { fetchArtifact, fileName } from '../api/fetch-artifact.ts';
import { ArtifactPreview } from './artifact-preview.tsx';

interface ArtifactsProps {
  readonly files: readonly Artifact[];
  readonly omitted: number;
  readonly secret: string | undefined;
}

const icons: Readonly<Record<string, LucideIcon>> = {
  created: FilePlus2,
  modified: FilePen,
  deleted: FileMinus2,
  renamed: FileDiff,
};

/** The files that the agent made or changed, to look at and to save. */
export function Artifacts({ files, omitted, secret }: ArtifactsProps) {
  const [shown, setShown] = useState<Artifact>();
  if (files.length === 0) return null;
  return (
    <>
      <ul aria-label="Files of the answer" className="grid gap-2 sm:grid-cols-2">
        {files.map((file) => (
          <li key={file.path}>
            <ArtifactCard file={file} secret={secret} onShow={() => setShown(file)} />
          </li>
        ))}
      </ul>
      {omitted > 0 && <p className="text-xs text-faint">{formatNumber(omitted)} more files changed.</p>}
      {shown !== undefined && (
        <ArtifactPreview file={shown} secret={secret} onClose={() => setShown(undefined)} />
      )}
    </>
  );
}

interface ArtifactCardProps {
  readonly file: Artifact;
  readonly secret: string | undefined;
  readonly onShow: () => void;
}

function ArtifactCard({ file, secret, onShow }: ArtifactCardProps) {
  const Icon = icons[file.operation] ?? FilePen;
  const name = fileName(file.path);
  const kept = file.fileId !== null && file.containerId !== null;
  const save = (): void => {
    fetchArtifact(file, secret).then(
      (blob) => saveBlob(name, blob),
      (error: unknown) => toast.error(errorMessage(error)),
    );
  };
  return (
    <div className="flex min-w-0 items-center gap-3 rounded-md border border-line bg-surface py-1.5 pr-1.5 pl-3">
      <Icon className="size-4 shrink-0 text-faint" aria-hidden />
      <span className="min-w-0 flex-1">
        <span className="block truncate text-sm font-medium" title={file.path}>
          {name}
        </span>
        <span className="block truncate text-xs text-faint">
          {[
            file.operation,
            file.size === null ? '' : formatBytes(file.size),
            kept || file.operation === 'deleted' ? '' : 'not kept',
          ]
            .filter((fact) => fact !== '')
            .join(', ')}
        </span>
      </span>
      {(kept || file.diff !== null) && <IconButton icon={Eye} label={`Look at ${name}`} onClick={onShow} />}
      {kept && <IconButton icon={Download} label={`Download ${name}`} onClick={save} />}
    </div>
  );
}
