import { languageOf } from '../code/language-of.ts';
import { CodeBlock } from '../ui/code-block.tsx';
import { DiffView } from '../ui/diff-view.tsx';
import { JsonTree } from '../ui/json-tree.tsx';
import { diffOfCall } from './edit-diff.ts';
import { isObject, textField } from './json-object.ts';
import { leftOutLength } from './left-out.ts';
import { LeftOut } from './left-out-note.tsx';
import { Terminal } from './terminal.tsx';

interface ToolInputProps {
  readonly name: string;
  readonly input: unknown;
  /** The structured result, once there is one. */
  readonly detail?: unknown;
  /** What a shell command wrote; undefined: nothing yet. */
  readonly output?: string | undefined;
  readonly failed?: boolean;
}

/** What a tool is asked to do, as people know it: a command, the diff of an edit, or its fields. */
export function ToolInput({ name, input, detail, output, failed = false }: ToolInputProps) {
  if (input === null || input === undefined) return <LeftOut what="The input" />;
  const command = name === 'Bash' ? textField(input, 'command') : undefined;
  if (command !== undefined && leftOutLength(command) === undefined) {
    const whatFor = textField(input, 'description');
    return (
      <div className="flex min-w-0 flex-col gap-1.5">
        {whatFor !== undefined && leftOutLength(whatFor) === undefined && (
          <p className="text-sm text-muted">{whatFor}</p>
        )}
        <Terminal command={command} output={output} failed={failed} />
      </div>
    );
  }
  const file = textField(input, 'file_path') ?? '';
  const diff = diffOfCall(name, input, detail);
  if (diff !== undefined) {
    return (
      <div className="flex min-w-0 flex-col gap-1.5">
        <p className="font-mono text-xs text-muted">{file}</p>
        <DiffView diff={diff} label={file} />
      </div>
    );
  }
  if (isObject(input) && Object.keys(input).length === 0)
    return <p className="text-sm text-faint">No input.</p>;
  const [only, ...more] = isObject(input) ? Object.entries(input) : [];
  if (only !== undefined && more.length === 0 && typeof only[1] === 'string' && only[1].includes('\n')) {
    return <CodeBlock code={only[1]} language={languageOf(only[0])} label={only[0]} wrap />;
  }
  return (
    <div className="rounded-md border border-line bg-sunken px-2 py-2">
      <JsonTree value={input} label={`Input of ${name}`} open={2} />
    </div>
  );
}
