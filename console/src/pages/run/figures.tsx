import type { ActiveRun, RequestRecord } from '../../../../src/contract/index.ts';
import {
  formatCompact,
  formatDuration,
  formatMoney,
  formatNumber,
  formatPercent,
} from '../../format/format.ts';
import { RunStateBadge, StatusBadge } from '../../ui/badge.tsx';
import { Stat, StatStrip } from '../../ui/card.tsx';
import { Elapsed } from '../../ui/elapsed.tsx';

/** What a run took so far. */
export function RunFigures({ run }: { readonly run: ActiveRun }) {
  return (
    <StatStrip label="Figures so far">
      <Stat label="State" value={<RunStateBadge state={run.state} />} note={run.activity ?? 'no tool runs'} />
      <Stat
        label="Runs for"
        value={<Elapsed since={run.startedAt} />}
        note={firstTokenNote(run.firstTokenMs)}
      />
      <Tokens {...run.usage} />
    </StatStrip>
  );
}

/** What a request took. */
export function RecordFigures({ record }: { readonly record: RequestRecord }) {
  return (
    <StatStrip label="Figures">
      <Stat
        label="Status"
        value={<StatusBadge status={record.status} />}
        note={record.errorCode ?? record.stopReason?.replaceAll('_', ' ') ?? 'no answer of a model'}
      />
      <Stat
        label="Duration"
        value={formatDuration(record.durationMs)}
        note={firstTokenNote(record.firstTokenMs)}
      />
      <Tokens {...record} />
    </StatStrip>
  );
}

interface TokensProps {
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  readonly thinkingTokens: number;
  readonly costUsd: number | null;
  readonly upstreamCalls: number;
}

function Tokens(usage: TokensProps) {
  const { inputTokens, cachedInputTokens, outputTokens, thinkingTokens, costUsd, upstreamCalls } = usage;
  const share = inputTokens > 0 ? cachedInputTokens / inputTokens : 0;
  return (
    <>
      <Stat
        label="Tokens in"
        value={formatCompact(inputTokens)}
        note={`${formatPercent(share)} from the cache`}
      />
      <Stat
        label="Tokens out"
        value={formatCompact(outputTokens)}
        note={thinkingTokens > 0 ? `${formatCompact(thinkingTokens)} of them thinking` : 'no thinking told'}
      />
      <Stat
        label="Cost"
        value={formatMoney(costUsd)}
        note={costUsd === null ? 'not known yet' : 'by the price list'}
      />
      <Stat label="Model calls" value={formatNumber(upstreamCalls)} note="to the Claude API" />
    </>
  );
}

/** The same in one line, for where the tiles are out of sight. */
export function RunLine({ run }: { readonly run: ActiveRun }) {
  const { costUsd, outputTokens } = run.usage;
  return (
    <span className="flex min-w-0 items-center gap-2 text-xs text-muted">
      <Elapsed since={run.startedAt} />
      <span className="max-sm:hidden">{formatCompact(outputTokens)} tokens out</span>
      <span>{formatMoney(costUsd)}</span>
      {run.activity !== null && <span className="truncate text-accent max-sm:hidden">{run.activity}</span>}
    </span>
  );
}

function firstTokenNote(ms: number | null): string {
  return ms === null ? 'no token yet' : `first token after ${formatDuration(ms)}`;
}
