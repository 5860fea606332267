import { Link2Off } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import type { SharedRun } from '../../../../src/contract/index.ts';
import { ConsoleError } from '../../api/console-error.ts';
import { useApi } from '../../api/use-api.ts';
import { formatDuration, formatNumber, formatTime } from '../../format/format.ts';
import { scrollAreaId } from '../../layout/scroll-area.ts';
import { ThemeMenu } from '../../layout/theme-menu.tsx';
import { Wordmark } from '../../layout/wordmark.tsx';
import { timelineOfShared } from '../../share/timeline-of-shared.ts';
import { Stat, StatStrip } from '../../ui/card.tsx';
import { Page } from '../../ui/page.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states.tsx';
import { PublicView } from '../run/timeline/public-view.ts';
import { Timeline } from '../run/timeline/timeline.tsx';
import { Conversation } from './conversation.tsx';

/** One request, for whoever has a public link to it: without a session, and without a way into the console. */
export function SharedPage({ token }: { readonly token: string }) {
  const { data, error, refetch } = useApi(
    'openShareLink',
    { params: { token } },
    // Each time that it is asked for counts as opened.
    { staleTime: Number.POSITIVE_INFINITY },
  );
  if (data !== undefined)
    return (
      <Frame>
        <PublicView value>
          <Shared run={data} />
        </PublicView>
      </Frame>
    );
  if (error instanceof ConsoleError && (error.status === 404 || error.status === 400)) return <Ended />;
  return (
    <Frame>
      <Page title="Shared request" wide={false}>
        {error === null ? (
          <SkeletonRows rows={8} label="Loading the request" />
        ) : (
          <ErrorState error={error} onRetry={refetch} />
        )}
      </Page>
    </Frame>
  );
}

function Shared({ run }: { readonly run: SharedRun }) {
  const { startedAt, expiresAt, model, succeeded, messages, truncated } = run;
  const timeline = useMemo(() => timelineOfShared(run.timeline), [run.timeline]);
  return (
    <Page
      title="Shared request"
      description={`${model === null ? '' : `Answered by ${model}. `}Shared until ${formatTime(expiresAt)}. Secrets and what belongs to the server are left out.`}
    >
      <StatStrip label="Figures" className="[--tiles:4]">
        <Stat label="Outcome" value={succeeded ? 'Answered' : 'Failed'} />
        <Stat label="Duration" value={formatDuration(run.durationMs)} note={formatTime(startedAt)} />
        <Stat label="Input tokens" value={formatNumber(run.inputTokens)} />
        <Stat label="Output tokens" value={formatNumber(run.outputTokens)} />
      </StatStrip>
      {messages.length > 0 && (
        <section aria-label="Conversation" className="flex min-w-0 flex-col gap-3">
          <h2 className="text-lg font-semibold">Conversation</h2>
          <Conversation messages={messages} />
        </section>
      )}
      {timeline.length > 0 && (
        <section aria-label="What the agent did" className="flex min-w-0 flex-col gap-3">
          <h2 className="text-lg font-semibold">What the agent did</h2>
          <Timeline entries={timeline} startedAt={startedAt} live={false} truncated={truncated} />
        </section>
      )}
    </Page>
  );
}

function Ended() {
  return (
    <Frame>
      <Page title="Shared request" wide={false}>
        <div className="rounded-lg border border-line bg-surface">
          <EmptyState icon={Link2Off} title="This link does not exist or has ended">
            Ask whoever gave it to you for another one.
          </EmptyState>
        </div>
      </Page>
    </Frame>
  );
}

/** What scrolls is the main part, as in the console: the timeline is made for that. On paper it is all of one piece. */
function Frame({ children }: { readonly children: ReactNode }) {
  return (
    <div className="flex h-dvh min-w-0 flex-col overflow-hidden print:h-auto print:overflow-visible">
      <header className="flex h-13 shrink-0 items-center justify-between border-b border-line px-4 sm:px-6 print:hidden">
        <Wordmark />
        <ThemeMenu />
      </header>
      <main
        id={scrollAreaId}
        tabIndex={-1}
        className="focus-inset relative min-h-0 flex-1 overflow-y-auto overscroll-contain print:overflow-visible"
      >
        {children}
      </main>
    </div>
  );
}
