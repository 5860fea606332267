import { Check, ShieldQuestion, Wrench, X } from 'lucide-react';
import { useState } from 'react';
import { ToolInput } from '../../../agent/tool-input.tsx';
import type { ApprovalPart, Part, ToolPart } from '../../../chat/parts.ts';
import { Button } from '../../../ui/button.tsx';
import { Field } from '../../../ui/field.tsx';
import { Textarea } from '../../../ui/input.tsx';
import type { Reply } from '../state/conversation.ts';

interface PendingProps {
  readonly parts: readonly Part[];
  readonly onReply: (replies: readonly Reply[]) => void;
}

/** What the answer asks for before it goes on: decisions, and outputs of the client's tools. All go out together. */
export function Pending({ parts, onReply }: PendingProps) {
  const [decided, setDecided] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [outputs, setOutputs] = useState<ReadonlyMap<string, string>>(new Map());
  const approvals = parts.filter((part) => part.kind === 'approval');
  const calls = parts.filter((part) => part.kind === 'tool');
  const replies = (decisions: ReadonlyMap<string, boolean>): readonly Reply[] => [
    ...approvals.flatMap(({ id, name }): Reply[] => {
      const approve = decisions.get(id);
      return approve === undefined ? [] : [{ kind: 'decision', requestId: id, name, approve }];
    }),
    ...calls.map(
      ({ id, name }): Reply => ({ kind: 'output', callId: id, name, output: outputs.get(id) ?? '' }),
    ),
  ];
  const decide = (id: string, approve: boolean): void => {
    const next = new Map(decided).set(id, approve);
    setDecided(next);
    if (calls.length === 0 && next.size === approvals.length) onReply(replies(next));
  };
  const complete = decided.size === approvals.length;
  return (
    <form
      aria-label="The answer waits for you"
      className="flex min-w-0 flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (complete) onReply(replies(decided));
      }}
    >
      {approvals.map((part) => (
        <Approval
          key={part.id}
          part={part}
          approved={decided.get(part.id)}
          onDecide={(approve) => decide(part.id, approve)}
        />
      ))}
      {calls.map((part) => (
        <CallOutput
          key={part.id}
          part={part}
          output={outputs.get(part.id) ?? ''}
          onChange={(output) => setOutputs(new Map(outputs).set(part.id, output))}
        />
      ))}
      {calls.length > 0 && (
        <Button type="submit" variant="primary" disabled={!complete} className="self-start">
          Send {calls.length === 1 ? 'the output' : 'the outputs'}
        </Button>
      )}
    </form>
  );
}

interface ApprovalProps {
  readonly part: ApprovalPart;
  readonly approved: boolean | undefined;
  readonly onDecide: (approve: boolean) => void;
}

function Approval({ part, approved, onDecide }: ApprovalProps) {
  return (
    <div className="flex min-w-0 flex-col gap-3 rounded-md border border-warn/50 bg-warn-soft/40 p-3">
      <p className="flex items-center gap-2 text-sm font-medium">
        <ShieldQuestion className="size-4 shrink-0 text-warn" aria-hidden />
        {part.server === 'claude_code'
          ? `May the agent run ${part.name}?`
          : `May ${part.name} of ${part.server} be called?`}
      </p>
      <ToolInput name={part.name} input={part.input} />
      <div className="flex flex-wrap gap-6">
        <Button
          icon={Check}
          aria-label={`Approve ${part.name}`}
          aria-pressed={approved === true}
          onClick={() => onDecide(true)}
        >
          Approve
        </Button>
        <Button
          icon={X}
          variant="dangerQuiet"
          aria-label={`Deny ${part.name}`}
          aria-pressed={approved === false}
          onClick={() => onDecide(false)}
        >
          Deny
        </Button>
        {approved !== undefined && (
          <span className="self-center text-sm text-muted">
            {approved ? 'Will be approved' : 'Will be denied'}
          </span>
        )}
      </div>
    </div>
  );
}

interface CallOutputProps {
  readonly part: ToolPart;
  readonly output: string;
  readonly onChange: (output: string) => void;
}

function CallOutput({ part, output, onChange }: CallOutputProps) {
  return (
    <div className="flex min-w-0 flex-col gap-2 rounded-md border border-line bg-surface p-3">
      <p className="flex items-center gap-2 text-sm">
        <Wrench className="size-4 shrink-0 text-faint" aria-hidden />
        The model calls your tool <span className="font-medium">{part.name}</span>. Say what it gave.
      </p>
      <Field label={`Output of ${part.name}`}>
        <Textarea
          rows={3}
          className="font-mono text-xs"
          value={output}
          onChange={(event) => onChange(event.target.value)}
        />
      </Field>
    </div>
  );
}
