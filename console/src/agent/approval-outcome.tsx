import { Badge, type Tone } from '../ui/badge.tsx';

type Outcome = 'allow' | 'allow_for_run' | 'deny' | 'expired' | 'withdrawn';

const words: Readonly<Record<Outcome, { readonly text: string; readonly tone: Tone }>> = {
  allow: { text: 'Allowed once', tone: 'ok' },
  allow_for_run: { text: 'Allowed for this run', tone: 'ok' },
  deny: { text: 'Denied', tone: 'danger' },
  expired: { text: 'Denied: nobody answered in time', tone: 'warn' },
  withdrawn: { text: 'Withdrawn: the run ended first', tone: 'neutral' },
};

/** How a question was answered, and by whom. */
export function ApprovalOutcomeBadge({
  outcome,
  by,
}: {
  readonly outcome: Outcome;
  readonly by: string | null;
}) {
  const { text, tone } = words[outcome];
  return <Badge tone={tone}>{by === null ? text : `${text} by ${by}`}</Badge>;
}
