import { Brain, Check, FileText, Info, ShieldQuestion, Wrench, X } from 'lucide-react';
import { toolIcon } from '../agent/tool-icon.ts';
import { ToolInput } from '../agent/tool-input.tsx';
import { summariseInput } from '../agent/tool-summary.ts';
import { formatNumber } from '../format/format.ts';
import { Markdown } from '../ui/markdown.tsx';
import { Fold } from './fold.tsx';
import type { ActivityLine, ApprovalPart, CitedFile, Part } from './parts.ts';
import { ToolView } from './tool-view.tsx';

interface PartViewProps {
  readonly part: Part;
  /** More of it may come. */
  readonly live?: boolean;
  /** The files that a text cites are shown elsewhere. */
  readonly filesApart?: boolean;
}

/** One part of an answer. */
export function PartView({ part, live = false, filesApart = false }: PartViewProps) {
  switch (part.kind) {
    case 'text':
      return (
        <div className="min-w-0">
          <Markdown text={part.text} />
          {!filesApart && <CitedFiles files={part.cited} />}
        </div>
      );
    case 'refusal':
      return <p className="text-base text-warn">{part.text}</p>;
    case 'thinking':
      return (
        <Fold icon={Brain} label={live ? 'Thinking…' : 'Thinking'} summary={lastLine(part.text)}>
          <p className="max-h-96 overflow-y-auto text-sm leading-6 whitespace-pre-wrap text-muted">
            {part.text}
          </p>
        </Fold>
      );
    case 'activity':
      return <Activity lines={part.lines} />;
    case 'tool':
      return <ToolView part={part} />;
    case 'approval':
      return <DecidedApproval part={part} />;
    case 'note':
      return (
        <p className="flex items-center gap-2 text-xs text-faint">
          <Info className="size-3.5 shrink-0" aria-hidden />
          {part.text}
        </p>
      );
    default:
      return part satisfies never;
  }
}

function Activity({ lines }: { readonly lines: readonly ActivityLine[] }) {
  const last = lines.at(-1);
  const [only] = lines;
  if (lines.length === 1 && only !== undefined) {
    const Icon = toolIcon(only.tool, undefined);
    return (
      <p className="flex min-w-0 items-center gap-2 px-2.5 text-sm">
        <Icon className="size-3.5 shrink-0 text-faint" aria-hidden />
        <span className="font-medium">{only.tool}</span>
        <span className="min-w-0 truncate font-mono text-xs text-muted">{only.detail}</span>
      </p>
    );
  }
  return (
    <Fold
      icon={Wrench}
      label={`${formatNumber(lines.length)} tool calls`}
      summary={last === undefined ? '' : `${last.tool} ${last.detail}`}
    >
      <ol className="flex max-h-96 min-w-0 flex-col gap-1 overflow-y-auto">
        {lines.map(({ tool, detail }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines are only added at the end.
          <li key={index} className="flex min-w-0 gap-2 text-sm">
            <span className="shrink-0 font-medium">{tool}</span>
            <span className="min-w-0 font-mono text-xs leading-5 break-all text-muted">{detail}</span>
          </li>
        ))}
      </ol>
    </Fold>
  );
}

/** An approval that is told, not asked for. */
function DecidedApproval({ part: { name, input, approved } }: { readonly part: ApprovalPart }) {
  const mark =
    approved === undefined ? (
      <span className="text-xs text-warn">not decided</span>
    ) : (
      <span className="inline-flex items-center gap-1 text-xs text-muted">
        {approved ? <Check className="size-3.5" aria-hidden /> : <X className="size-3.5" aria-hidden />}
        {approved ? 'approved' : 'denied'}
      </span>
    );
  return (
    <Fold icon={ShieldQuestion} label={`Approval: ${name}`} summary={summariseInput(input)} state={mark}>
      <ToolInput name={name} input={input} />
    </Fold>
  );
}

function CitedFiles({ files }: { readonly files: readonly CitedFile[] }) {
  if (files.length === 0) return null;
  return (
    <ul aria-label="Files that the answer names" className="mt-2 flex flex-wrap gap-1.5">
      {files.map(({ path, fileId }) => (
        <li
          key={fileId}
          className="inline-flex max-w-full items-center gap-1.5 rounded-sm bg-sunken px-2 py-0.5 text-xs text-muted"
        >
          <FileText className="size-3 shrink-0" aria-hidden />
          <span className="truncate">{path}</span>
        </li>
      ))}
    </ul>
  );
}

function lastLine(text: string): string {
  return text.slice(-400).trimEnd().split('\n').at(-1) ?? '';
}
