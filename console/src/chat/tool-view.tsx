import { CircleAlert, CircleCheck, CirclePause, LoaderCircle } from 'lucide-react';
import { toolIcon } from '../agent/tool-icon.ts';
import { ToolInput } from '../agent/tool-input.tsx';
import { splitToolName, summariseInput } from '../agent/tool-summary.ts';
import { CodeBlock } from '../ui/code-block.tsx';
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

function StateMark({ state }: { readonly state: ToolState }) {
  switch (state) {
    case 'running':
      return (
        <span className="inline-flex items-center gap-1 text-xs text-accent">
          <LoaderCircle className="size-3.5 animate-spin" aria-hidden />
          <span className="max-sm:sr-only">running</span>
        </span>
      );
    case 'failed':
      return (
        <span className="inline-flex items-center gap-1 text-xs font-medium text-danger">
          <CircleAlert className="size-3.5" aria-hidden />
          <span className="max-sm:sr-only">failed</span>
        </span>
      );
    case 'open':
      return (
        <span className="inline-flex items-center gap-1 text-xs text-warn">
          <CirclePause className="size-3.5" aria-hidden />
          <span className="max-sm:sr-only">no output yet</span>
        </span>
      );
    case 'done':
      return (
        <span className="inline-flex items-center text-faint">
          <CircleCheck className="size-3.5" aria-hidden />
          <span className="sr-only">done</span>
        </span>
      );
    default:
      return state satisfies never;
  }
}
