import { Link } from '@tanstack/react-router';
import { LoaderCircle, RefreshCw } from 'lucide-react';
import { PartView } from '../../../chat/part-view.tsx';
import { textOfParts } from '../../../chat/parts.ts';
import { waitingTool } from '../../../chat/split-activity.ts';
import { IconButton } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import type { AnswerTurn, Reply } from '../state/conversation.ts';
import { AnswerFacts } from './answer-facts.tsx';
import { Artifacts } from './artifacts.tsx';
import { FailureNote } from './failure-note.tsx';
import { Pending } from './pending.tsx';

interface AnswerViewProps {
  readonly turn: AnswerTurn;
  readonly secret: string | undefined;
  /** Undefined: not now. */
  readonly onRegenerate: (() => void) | undefined;
  /** For the last answer: decides and answers what it asks. */
  readonly onReply: ((replies: readonly Reply[]) => void) | undefined;
}

/** An answer with all that was thought and done on the way. */
export function AnswerView({ turn, secret, onRegenerate, onReply }: AnswerViewProps) {
  const streaming = turn.state === 'streaming';
  const text = textOfParts(turn.parts);
  const pending = onReply === undefined ? [] : turn.parts.filter(isPending);
  return (
    <section aria-label="Answer" aria-busy={streaming} className="flex min-w-0 flex-col gap-2">
      {turn.model !== '' && <p className="text-xs font-medium text-faint">{turn.model}</p>}
      {turn.parts.map((part, index) =>
        pending.includes(part) && part.kind === 'approval' ? null : (
          <PartView
            // biome-ignore lint/suspicious/noArrayIndexKey: parts are only added at the end.
            key={index}
            part={part}
            live={streaming && index === turn.parts.length - 1}
            filesApart={turn.artifacts.length > 0}
          />
        ),
      )}
      {onReply !== undefined && pending.length > 0 && <Pending parts={pending} onReply={onReply} />}
      {streaming && <Working tool={waitingTool(turn.parts)} />}
      <Artifacts files={turn.artifacts} omitted={turn.artifactsOmitted} secret={secret} />
      {turn.failure !== undefined && <FailureNote failure={turn.failure} onRetry={onRegenerate} />}
      {turn.state === 'stopped' && <p className="text-xs text-faint">Stopped.</p>}
      {!streaming && turn.state === 'done' && turn.parts.length === 0 && turn.artifacts.length === 0 && (
        <p className="text-sm text-faint">The answer is empty.</p>
      )}
      {!streaming && (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="-ml-1.5 flex items-center">
            {text !== '' && <CopyButton text={text} label="Copy the answer" />}
            {onRegenerate !== undefined && (
              <IconButton size="sm" icon={RefreshCw} label="Answer again" onClick={onRegenerate} />
            )}
          </span>
          <AnswerFacts turn={turn} />
        </div>
      )}
    </section>
  );
}

function isPending(part: AnswerTurn['parts'][number]): boolean {
  if (part.kind === 'approval') return part.approved === undefined;
  return part.kind === 'tool' && part.server === undefined && part.state === 'open';
}

function Working({ tool }: { readonly tool: string | undefined }) {
  if (tool !== undefined) {
    return (
      <p role="status" className="text-sm text-warn">
        {tool} waits for approval.{' '}
        <Link to="/approvals" className="underline">
          Decide in Approvals
        </Link>
      </p>
    );
  }
  return (
    <p className="flex items-center gap-2 text-xs text-faint">
      <LoaderCircle className="size-3.5 animate-spin" aria-hidden />
      Working…
    </p>
  );
}
