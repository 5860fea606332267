import {
  File,
  FileArchive,
  FileCode,
  FileImage,
  FileQuestion,
  FileText,
  Folder,
  Link2,
  type LucideIcon,
} from 'lucide-react';
import type { WorkspaceFileEntry } from '../../../../src/contract/index.ts';
import { kindOfFile } from '../../chat/kind-of-file.ts';
import { languageOf } from '../../code/language-of.ts';
import { formatBytes } from '../../format/format.ts';
import type { Column } from '../../ui/data-table.tsx';
import { TimeText } from '../../ui/values.tsx';

export const fileColumns: readonly Column<WorkspaceFileEntry>[] = [
  {
    id: 'name',
    header: 'Name',
    width: 150,
    grow: 3,
    card: 'title',
    sortValue: ({ name }) => name,
    cell: (file) => <FileName file={file} />,
  },
  {
    id: 'bytes',
    header: 'Size',
    width: 76,
    grow: 0,
    align: 'right',
    sortValue: ({ bytes, type }) => (type === 'directory' ? null : bytes),
    cell: ({ bytes, type }) => (type === 'file' ? formatBytes(bytes) : <span className="text-faint">–</span>),
  },
  {
    id: 'modified',
    header: 'Changed',
    width: 96,
    grow: 0,
    align: 'right',
    priority: 1,
    sortValue: ({ modifiedAt }) => modifiedAt,
    cell: ({ modifiedAt }) => <TimeText at={modifiedAt} className="relative z-10" />,
  },
];

/** One line for each file, where there is no room for a table. */
export const compactFileColumns: readonly Column<WorkspaceFileEntry>[] = [
  {
    id: 'name',
    header: 'Name',
    width: 150,
    sortValue: ({ name }) => name,
    cell: (file) => (
      <span className="flex min-w-0 items-center justify-between gap-3 text-sm font-normal">
        <FileName file={file} />
        {file.type === 'file' && (
          <span className="shrink-0 text-xs text-faint">{formatBytes(file.bytes)}</span>
        )}
      </span>
    ),
  },
];

function FileName({ file }: { readonly file: WorkspaceFileEntry }) {
  const Icon = iconOf(file);
  const directory = file.type === 'directory';
  return (
    <span className="flex min-w-0 items-center gap-2">
      <Icon
        className={directory ? 'size-4 shrink-0 text-accent' : 'size-4 shrink-0 text-faint'}
        aria-hidden
      />
      <span className="truncate">{file.name}</span>
      {directory && <span className="sr-only">, directory</span>}
      {(file.type === 'link' || file.type === 'other') && (
        <span className="shrink-0 text-xs text-faint">{file.type === 'link' ? 'link' : 'special file'}</span>
      )}
    </span>
  );
}

function iconOf({ type, name, mediaType }: WorkspaceFileEntry): LucideIcon {
  if (type === 'directory') return Folder;
  if (type === 'link') return Link2;
  if (type === 'other') return FileQuestion;
  if (/\.(?:zip|tar|t?gz|bz2|xz|7z|rar)$/i.test(name)) return FileArchive;
  const kind = kindOfFile(name, mediaType);
  if (kind === 'image') return FileImage;
  if (kind === 'other') return File;
  const language = languageOf(name);
  return language === 'text' || language === 'markdown' ? FileText : FileCode;
}
