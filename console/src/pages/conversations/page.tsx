import { getRouteApi, Link } from '@tanstack/react-router';
import { MessagesSquare, SearchX } from 'lucide-react';
import { useDeferredValue } from 'react';
import { useApi, useApiPages } from '../../api/use-api.ts';
import { present } from '../../search/read-search.ts';
import { Button, buttonStyle } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { ExportMenu } from '../../ui/export-menu.tsx';
import { SearchInput, Select } from '../../ui/input.tsx';
import { LoadMore } from '../../ui/load-more.tsx';
import { Page, Toolbar } from '../../ui/page.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { ViewsMenu } from '../../views/views-menu.tsx';
import { conversationColumns } from './columns.tsx';
import { readConversationsSearch } from './search.ts';

const route = getRouteApi('/conversations');

/** Stored conversations and chains of responses, those changed last first. */
export function ConversationsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const set = (next: { [Key in keyof typeof search]?: (typeof search)[Key] | undefined }): void =>
    void navigate({ search: (before) => present({ ...before, ...next }), replace: true });
  const keys = useApi('listKeys', {}, { staleTime: 60_000 });
  const query = { text: search.text, key: search.key, limit: 50 };
  const {
    items,
    error,
    isPending,
    hasNextPage,
    fetchNextPage,
    isFetchingNextPage,
    isFetchNextPageError,
    refetch,
  } = useApiPages('listConversations', { query }, { keepPrevious: true });
  const shown = useDeferredValue(items);
  const filtered = search.text !== undefined || search.key !== undefined;
  const keyOptions = [
    { value: '', label: 'Every key' },
    ...(keys.data?.items.map(({ id, name }) => ({ value: id, label: name })) ?? []),
  ];
  if (search.key !== undefined && !keyOptions.some(({ value }) => value === search.key))
    keyOptions.push({ value: search.key, label: search.key });

  return (
    <Page
      title="Conversations"
      description="What the Responses API keeps: conversations, and chains of responses. Chat Completions are not kept; see their records."
      actions={
        items.length > 0 && (
          <ExportMenu filename="conversations" rows={() => items.map((one) => ({ ...one }))} />
        )
      }
    >
      <Toolbar>
        <SearchInput
          label="Search conversations"
          value={search.text ?? ''}
          onChange={(text) => set({ text })}
          pauseMs={300}
        />
        <Select
          aria-label="Key"
          className="w-auto min-w-36 max-sm:flex-1"
          value={search.key ?? ''}
          options={keyOptions}
          onChange={(key) => set({ key: key === '' ? undefined : key })}
        />
        <ViewsMenu
          page="conversations"
          search={search}
          read={readConversationsSearch}
          onSearch={(next, replace) => void navigate({ search: next, replace })}
        />
      </Toolbar>
      {error !== null && items.length === 0 ? (
        <ErrorState error={error} onRetry={refetch} title="The conversations could not be loaded" />
      ) : (
        <DataTable
          label="Conversations"
          columns={conversationColumns}
          rows={shown}
          rowId={({ id }) => id}
          rowLink={({ id }) => ({ to: '/conversations/$id', params: { id } })}
          loading={isPending}
          empty={
            filtered ? (
              <EmptyState
                icon={SearchX}
                title="No conversation fits"
                action={
                  <Button onClick={() => set({ text: undefined, key: undefined })}>
                    Show all conversations
                  </Button>
                }
              >
                Search looks at how conversations begin.
              </EmptyState>
            ) : (
              <EmptyState
                icon={MessagesSquare}
                title="There are no conversations yet"
                action={
                  <Link to="/playground" className={buttonStyle({ variant: 'primary' })}>
                    Open the playground
                  </Link>
                }
              >
                Requests to /v1/responses are kept unless they say store: false.
              </EmptyState>
            )
          }
          footer={
            <LoadMore
              hasMore={hasNextPage}
              loading={isFetchingNextPage}
              failed={isFetchNextPageError}
              onLoad={fetchNextPage}
              shown={items.length}
              nouns={['conversation', 'conversations']}
            />
          }
        />
      )}
    </Page>
  );
}
