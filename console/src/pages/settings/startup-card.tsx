import { KeyRound } from 'lucide-react';
import type { Answer } from '../../api/call-types.ts';
import { Badge } from '../../ui/badge.tsx';
import { Card } from '../../ui/card.tsx';
import { SourceBadge } from './source-badge.tsx';

export type StartupVariable = Answer<'getSettings'>['startup'][number];

/** What the server was started with. */
export function StartupCard({ variables }: { readonly variables: readonly StartupVariable[] }) {
  return (
    <Card
      title="Start-up environment"
      description="Read once, when the server starts. Change it where the server is started; secrets are never shown."
      actions={<Badge tone="neutral">Needs restart</Badge>}
      flush
    >
      <ul aria-label="Start-up environment" className="divide-y divide-line border-t border-line">
        {variables.map(({ name, value, source, secret }) => (
          <li
            key={name}
            className="grid items-baseline gap-x-8 gap-y-1 px-4 py-2 sm:grid-cols-[minmax(0,20rem)_minmax(0,1fr)_auto]"
          >
            <code className="font-mono text-sm break-all">{name}</code>
            <span className="flex min-w-0 items-baseline gap-1.5 text-sm">
              {secret && value !== null && (
                <KeyRound className="size-3 shrink-0 text-faint" aria-label="Secret" role="img" />
              )}
              {value === null ? (
                <span className="text-faint">not set</span>
              ) : (
                <span className="min-w-0 font-mono text-xs break-all">{value}</span>
              )}
            </span>
            <span className="justify-self-start">
              <SourceBadge source={source} />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
