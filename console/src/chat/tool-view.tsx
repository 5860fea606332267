import { CircleAlert, CircleCheck, CirclePause, LoaderCircle, type LucideIcon } from 'lucide-react';
import { toolIcon } from '../agent/tool-icon.ts';
import { ToolInput } from '../agent/tool-input.tsx';
import { splitToolName, summariseInput } from '../agent/tool-summary.ts';
import { CodeBlock } from '../ui/code-block.tsx';
import { cx } from '../ui/cx.ts';
import { Fold } from './fold.tsx';
import type { ToolPart, ToolState } from './parts.ts';

/** The agent itself, and tools that are told under its name. */
const own = ['claude_code', 'code_interpreter', 'web_search'];

/** A call of a tool, folded: what it was asked and what came of it. */
export function ToolView({ part }: { readonly part: ToolPart }) {
  const { name, server } = splitToolName(
    part.name,
    own.includes(part.server ?? '') ? undefined : part.server,
  );
  const command = name === 'Bash';
  return (
    <Fold
      icon={toolIcon(name, server)}
      label={
        <>
          {name}
          {server !== undefined && <span className="font-normal text-faint"> of {server}</span>}
        </>
      }
      summary={summariseInput(part.input)}
      state={<StateMark state={part.state} />}
    >
      <div className="flex min-w-0 flex-col gap-2">
        <ToolInput
          name={name}
          input={typeof part.input === 'string' ? { text: part.input } : part.input}
          output={part.output}
          failed={part.state === 'failed'}
        />
        {!command && part.output !== undefined && part.output !== '' && (
          <>
            <p className="text-xs font-medium text-faint">{part.state === 'failed' ? 'Error' : 'Output'}</p>
            <CodeBlock code={part.output} label={`output of ${name}`} wrap />
          </>
        )}
        {part.state === 'done' && part.output === '' && <p className="text-sm text-faint">No output.</p>}
      </div>
    </Fold>
  );
}

const marks: Readonly<
  Record<ToolState, { readonly icon: LucideIcon; readonly text: string; readonly style: string }>
> = {
  running: { icon: LoaderCircle, text: 'running', style: 'text-accent' },
  failed: { icon: CircleAlert, text: 'failed', style: 'font-medium text-danger' },
  open: { icon: CirclePause, text: 'no output yet', style: 'text-warn' },
  done: { icon: CircleCheck, text: 'done', style: 'text-faint' },
};

/** What went well is quiet: only screen readers are told. */
function StateMark({ state }: { readonly state: ToolState }) {
  const { icon: Icon, text, style } = marks[state];
  return (
    <span className={cx('inline-flex items-center gap-1 text-xs', style)}>
      <Icon className={cx('size-3.5', state === 'running' && 'animate-spin')} aria-hidden />
      <span className={state === 'done' ? 'sr-only' : 'max-sm:sr-only'}>{text}</span>
    </span>
  );
}
