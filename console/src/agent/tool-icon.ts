import {
  Bot,
  FilePen,
  FilePlus2,
  FileSearch,
  FileText,
  Globe,
  ListChecks,
  type LucideIcon,
  Plug,
  Sparkles,
  SquareTerminal,
  Wrench,
} from 'lucide-react';

const icons: Readonly<Record<string, LucideIcon>> = {
  Bash: SquareTerminal,
  BashOutput: SquareTerminal,
  KillShell: SquareTerminal,
  Read: FileText,
  Write: FilePlus2,
  Edit: FilePen,
  MultiEdit: FilePen,
  NotebookEdit: FilePen,
  Grep: FileSearch,
  Glob: FileSearch,
  WebFetch: Globe,
  WebSearch: Globe,
  Task: Bot,
  Agent: Bot,
  TodoWrite: ListChecks,
  Skill: Sparkles,
};

export function toolIcon(name: string, server: string | undefined): LucideIcon {
  return icons[name] ?? (server === undefined ? Wrench : Plug);
}
