import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import type { ApiKeyWithUsage } from '../../../../src/contract/index.ts';
import { useApi } from '../../api/use-api.ts';
import { present } from '../../search/read-search.ts';
import { useSession } from '../../session/use-session.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Page } from '../../ui/page.tsx';
import { ErrorState, Skeleton } from '../../ui/states.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { TimeText } from '../../ui/values.tsx';
import { softBudgetsReached } from '../keys/budgets.ts';
import type { IssuedKey } from '../keys/issued-key.ts';
import { KeyStateBadge, SoftBudgetBadge } from '../keys/key-state-badge.tsx';
import { KeyTags } from '../keys/key-tags.tsx';
import { SecretDialog } from '../keys/secret-dialog.tsx';
import { useKeyChanges } from '../keys/use-key-changes.ts';
import { KeyActions } from './key-actions.tsx';
import { KeyNotices } from './key-notices.tsx';
import { KeySettings } from './key-settings.tsx';
import { KeyUsage } from './key-usage.tsx';

const route = getRouteApi('/keys/$id');
const back = { label: 'API keys', link: { to: '/keys' } } as const;

/** One key: what it has used, and everything that can be changed. */
export function KeyPage() {
  const { id } = route.useParams();
  const { data: key, error, refetch } = useApi('getKey', { params: { id } }, { refetchInterval: 30_000 });
  useKeyChanges();
  if (key !== undefined) return <Loaded key={key.id} apiKey={key} />;
  return (
    <Page title="API key" back={back}>
      {error !== null ? (
        <ErrorState error={error} onRetry={refetch} title="This key could not be loaded" />
      ) : (
        <div role="status" aria-label="Loading" className="flex flex-col gap-5">
          <Skeleton className="h-8 w-64" />
          <Skeleton className="h-80 w-full rounded-lg" />
        </div>
      )}
    </Page>
  );
}

function Loaded({ apiKey }: { readonly apiKey: ApiKeyWithUsage }) {
  const { tab = 'usage', range = '30d' } = route.useSearch();
  const navigate = route.useNavigate();
  const { isAdmin } = useSession();
  const [issued, setIssued] = useState<IssuedKey>();
  return (
    <Page
      title={apiKey.name}
      back={back}
      heading={
        <span className="flex flex-wrap items-center gap-x-3">
          {apiKey.name}
          <KeyStateBadge state={apiKey.state} />
          {softBudgetsReached(apiKey).length > 0 && <SoftBudgetBadge />}
        </span>
      }
      description={<Facts apiKey={apiKey} />}
      actions={isAdmin && <KeyActions apiKey={apiKey} onIssued={setIssued} />}
    >
      <KeyNotices apiKey={apiKey} />
      <Tabs
        label="About this key"
        value={tab}
        onChange={(next) =>
          void navigate({ search: (before) => present({ ...before, tab: next }), replace: true })
        }
        tabs={[
          {
            value: 'usage',
            label: 'Usage',
            content: (
              <KeyUsage
                apiKey={apiKey}
                range={range}
                onRangeChange={(next) => void navigate({ search: (before) => ({ ...before, range: next }) })}
              />
            ),
          },
          {
            value: 'settings',
            label: isAdmin ? 'Settings' : 'Limits and permissions',
            content: <KeySettings apiKey={apiKey} />,
          },
        ]}
      />
      {issued && <SecretDialog issued={issued} onDone={() => setIssued(undefined)} />}
    </Page>
  );
}

function Facts({ apiKey }: { readonly apiKey: ApiKeyWithUsage }) {
  return (
    <>
      {apiKey.description !== '' && <p className="whitespace-pre-line">{apiKey.description}</p>}
      <p className="flex flex-wrap items-center gap-x-4 gap-y-0.5 text-faint">
        <span className="font-mono text-xs">{apiKey.prefix}…</span>
        {apiKey.owner !== '' && <span>Owner {apiKey.owner}</span>}
        {apiKey.tags.length > 0 && <KeyTags tags={apiKey.tags} />}
        <span>
          Made <TimeText at={apiKey.createdAt} /> by {apiKey.createdBy}
        </span>
        <span>Last used {apiKey.lastUsedAt === null ? 'never' : <TimeText at={apiKey.lastUsedAt} />}</span>
        <span className="inline-flex items-center">
          <span className="font-mono text-xs">{apiKey.id}</span>
          <CopyButton text={apiKey.id} label="Copy the id of the key" />
        </span>
      </p>
    </>
  );
}
