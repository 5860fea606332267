import { Link } from '@tanstack/react-router';
import { Activity } from 'lucide-react';
import type { ReactNode } from 'react';
import { formatDuration, formatMoney, formatNumber } from '../../../format/format.ts';
import { Tooltip } from '../../../ui/tooltip.tsx';
import type { AnswerTurn } from '../state/conversation.ts';

const reasons: Readonly<Record<string, string>> = {
  length: 'cut off at the limit of tokens',
  max_output_tokens: 'cut off at the limit of tokens',
  content_filter: 'refused',
};

/** What an answer took. */
export function AnswerFacts({ turn }: { readonly turn: AnswerTurn }) {
  const { tokens, requestId, finish } = turn;
  const reason = reasons[finish ?? ''];
  return (
    <ul aria-label="What it took" className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-faint">
      {reason !== undefined && <li className="font-medium text-warn">{reason}</li>}
      {tokens !== undefined && (
        <Fact
          more={`${formatNumber(tokens.cached)} of the input from the cache, ${formatNumber(tokens.reasoning)} of the output thinking`}
        >
          {formatNumber(tokens.input)} in, {formatNumber(tokens.output)} out
        </Fact>
      )}
      {typeof turn.costUsd === 'number' && <li>{formatMoney(turn.costUsd)}</li>}
      {turn.firstTokenMs !== undefined && (
        <Fact more="From sending to the first sign of an answer, as this browser saw it">
          first token {formatDuration(turn.firstTokenMs)}
        </Fact>
      )}
      {turn.durationMs !== undefined && <li>{formatDuration(turn.durationMs)}</li>}
      {turn.ignored.length > 0 && (
        <Fact more="The model or the server does not take these; the answer came without them">
          no effect: {turn.ignored.join(', ')}
        </Fact>
      )}
      {requestId !== null && (
        <li>
          <Link
            to="/runs/$id"
            params={{ id: requestId }}
            className="inline-flex min-h-6 items-center gap-1 text-muted hover:text-accent hover:underline"
          >
            <Activity className="size-3.5" aria-hidden />
            Run
          </Link>
        </li>
      )}
    </ul>
  );
}

function Fact({ more, children }: { readonly more: string; readonly children: ReactNode }) {
  return (
    <li>
      <Tooltip text={more}>
        <button type="button" className="cursor-help text-left">
          {children}
        </button>
      </Tooltip>
    </li>
  );
}
