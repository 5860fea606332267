import { Box, Folder, FolderKey, FolderTree, type LucideIcon, MessagesSquare } from 'lucide-react';
import type { WorkspaceEntry } from '../../../../src/contract/index.ts';

interface Kind {
  readonly label: string;
  readonly icon: LucideIcon;
  /** What it is for. */
  readonly about: string;
}

export const kinds: Readonly<Record<WorkspaceEntry['kind'], Kind>> = {
  shared: {
    label: 'Shared',
    icon: FolderTree,
    about: 'The root, of all who ask without a key of their own directory.',
  },
  key: { label: 'Key', icon: FolderKey, about: 'The directory of one key.' },
  conversation: { label: 'Conversation', icon: MessagesSquare, about: 'The directory of one conversation.' },
  named: { label: 'Named', icon: Folder, about: 'A directory that keys are allowed by its name.' },
  container: { label: 'Container', icon: Box, about: 'Made by a client through the API.' },
};
