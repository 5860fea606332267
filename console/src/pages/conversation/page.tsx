import { getRouteApi, Link } from '@tanstack/react-router';
import { Download, ListTree, MessageSquareText, Trash2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import { saveText } from '../../api/download.ts';
import { useApi } from '../../api/use-api.ts';
import { useChange } from '../../api/use-change.ts';
import { turnsOfItems } from '../../chat/turns-of-items.ts';
import { useSession } from '../../session/use-session.ts';
import { Button, buttonStyle } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { JsonTree } from '../../ui/json-tree.tsx';
import { Page } from '../../ui/page.tsx';
import { ErrorState, SkeletonRows } from '../../ui/states.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { ConversationFacts } from './conversation-facts.tsx';
import { TurnList } from './turn-list.tsx';

const route = getRouteApi('/conversations/$id');

/** One stored conversation, as a chat and as it is kept. */
export function ConversationPage() {
  const { id } = route.useParams();
  const { tab = 'chat' } = route.useSearch();
  const navigate = route.useNavigate();
  const { isAdmin } = useSession();
  const { data, error, refetch } = useApi('getConversation', { params: { id } }, { refetchInterval: 15_000 });
  const [deleting, setDeleting] = useState(false);
  const remove = useChange('deleteConversation', {
    invalidates: ['listConversations'],
    success: 'The conversation was deleted',
    errorToast: false,
  });
  const turns = useMemo(() => turnsOfItems(data?.items ?? []), [data]);
  const title =
    data === undefined || data.conversation.title === '' ? 'Conversation' : data.conversation.title;

  return (
    <Page
      title={title}
      heading={<span className="line-clamp-2 max-w-4xl">{title}</span>}
      back={{ label: 'Conversations', link: { to: '/conversations' } }}
      description={data !== undefined && <ConversationFacts conversation={data.conversation} />}
      actions={
        <>
          <Link
            to="/playground"
            search={{ conversation: id }}
            className={buttonStyle({ variant: 'primary' })}
          >
            <MessageSquareText className="size-4" aria-hidden />
            Continue in the playground
          </Link>
          <Link to="/records" search={{ conversation: id }} className={buttonStyle()}>
            <ListTree className="size-4" aria-hidden />
            Requests
          </Link>
          <Button
            icon={Download}
            disabled={data === undefined}
            onClick={() => saveText(`${id}.json`, JSON.stringify(data, null, 2), 'application/json')}
          >
            Export
          </Button>
          {isAdmin && (
            <Button
              icon={Trash2}
              variant="dangerQuiet"
              disabled={data === undefined}
              onClick={() => setDeleting(true)}
            >
              Delete
            </Button>
          )}
        </>
      }
    >
      {data === undefined ? (
        error === null ? (
          <SkeletonRows rows={9} label="Loading the conversation" />
        ) : (
          <ErrorState error={error} onRetry={refetch} title="The conversation could not be loaded" />
        )
      ) : (
        <Tabs
          label="Views of the conversation"
          value={tab}
          onChange={(next) => void navigate({ search: next === 'chat' ? {} : { tab: next }, replace: true })}
          tabs={[
            { value: 'chat', label: 'Chat', content: <TurnList turns={turns} truncated={data.truncated} /> },
            { value: 'raw', label: 'Raw', content: <Raw items={data.items} /> },
          ]}
        />
      )}
      <ConfirmDialog
        open={deleting}
        onOpenChange={setDeleting}
        title="Delete this conversation?"
        description={`“${title}” and all its items and responses are gone for good. Its client can no longer go on with it.`}
        action="Delete conversation"
        onConfirm={async () => {
          await remove.mutateAsync({ params: { id } });
          void navigate({ to: '/conversations' });
        }}
      />
    </Page>
  );
}

function Raw({ items }: { readonly items: readonly unknown[] }) {
  return (
    <div className="relative rounded-lg border border-line bg-surface p-4 pr-12">
      <JsonTree value={items} label="Items of the conversation" open={2} />
      <div className="absolute top-2 right-2">
        <CopyButton text={() => JSON.stringify(items, null, 2)} label="Copy the items" />
      </div>
    </div>
  );
}
