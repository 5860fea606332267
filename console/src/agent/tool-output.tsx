import { useMemo } from 'react';
import { formatNumber } from '../format/format.ts';
import { CodeBlock } from '../ui/code-block.tsx';
import { JsonTree } from '../ui/json-tree.tsx';
import { leftOutLength } from './left-out.ts';
import { LeftOut } from './left-out-note.tsx';
import { stripAnsi } from './strip-ansi.ts';

interface ToolOutputProps {
  readonly name: string;
  /** Null: it was not kept. */
  readonly output: string | null;
  readonly fullLength?: number | undefined;
}

const longestJson = 300_000;

/** What a tool answered. */
export function ToolOutput({ name, output, fullLength }: ToolOutputProps) {
  const text = output ?? '';
  const leftOut = output === null ? fullLength : leftOutLength(text);
  const value = useMemo(() => readJson(text), [text]);
  if (output === null || leftOut !== undefined) return <LeftOut what="The output" length={leftOut} />;
  if (text === '') return <p className="text-sm text-faint">No output.</p>;
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      {value === undefined ? (
        <CodeBlock code={stripAnsi(text)} label={`output of ${name}`} wrap />
      ) : (
        <div className="rounded-md border border-line bg-sunken p-2">
          <JsonTree value={value} label={`Output of ${name}`} open={1} />
        </div>
      )}
      <CutNote shown={text.length} fullLength={fullLength} />
    </div>
  );
}

/** Says so where a text is only its beginning. */
export function CutNote({
  shown,
  fullLength,
}: {
  readonly shown: number;
  readonly fullLength: number | undefined;
}) {
  if (fullLength === undefined || fullLength <= shown) return null;
  return (
    <p className="text-xs text-faint">
      The first {formatNumber(shown)} of {formatNumber(fullLength)} characters are kept.
    </p>
  );
}

function readJson(text: string): unknown {
  if (text.length > longestJson || !/^\s*[[{]/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
