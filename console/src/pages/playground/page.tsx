import { getRouteApi } from '@tanstack/react-router';
import { Code, MessageSquareText, Plus, SlidersHorizontal } from 'lucide-react';
import { type DragEvent, useEffect, useState } from 'react';
import { toast } from 'sonner';
import { usePaletteActions } from '../../palette/palette-state.ts';
import { PlaygroundKeyPanel } from '../../playground-key/playground-key-panel.tsx';
import { usePlaygroundKey } from '../../playground-key/use-playground-key.ts';
import { Button } from '../../ui/button.tsx';
import { Drawer } from '../../ui/drawer.tsx';
import { Page } from '../../ui/page.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states.tsx';
import { buildRequest } from './state/build-request.ts';
import type { Settings, UserTurn } from './state/conversation.ts';
import { copyOf, isTied } from './state/copy-of.ts';
import { playground, usePlayground } from './state/playground.ts';
import { readSettings } from './state/read-settings.ts';
import { useCosts } from './state/use-costs.ts';
import { useLoading } from './state/use-loading.ts';
import { useModels } from './state/use-models.ts';
import { useUploads } from './state/use-uploads.ts';
import { CodeDialog } from './view/code-dialog.tsx';
import { Composer } from './view/composer.tsx';
import { OriginNote } from './view/origin-note.tsx';
import { SettingsPanel } from './view/settings-panel.tsx';
import { Transcript } from './view/transcript.tsx';

const route = getRouteApi('/playground');

/** Chat with any model or profile, through the public API. */
export function PlaygroundPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const state = usePlayground();
  const key = usePlaygroundKey();
  const models = useModels(key);
  const uploads = useUploads(key.secret);
  const [draft, setDraft] = useState('');
  const [open, setOpen] = useState<'settings' | 'code'>();
  const [dropping, setDropping] = useState(false);
  const loading = useLoading(search, () => void navigate({ search: {}, replace: true }));
  useCosts();
  useDefaultModel(state.settings.model, models.groups[0]?.names[0]);

  const { conversation, settings, running } = state;
  const said: Pick<UserTurn, 'text' | 'files' | 'replies'> = {
    text: draft.trim(),
    files: uploads.list.map(({ file, fileId }) => ({ name: file.name, fileId })),
    replies: [],
  };
  const faults = Object.values(readSettings(settings).faults);
  const blocked = !key.ready ? 'An API key is needed first.' : faults[0];
  const change = (next: Partial<Settings>): void => {
    playground.change(next);
    const { model } = next;
    if (model !== undefined && search.model !== undefined)
      void navigate({ search: (before) => ({ ...before, model }), replace: true });
  };
  const begin = (): void => {
    const before = playground.get();
    playground.clear();
    if (before.conversation.turns.length === 0) return;
    toast('A new conversation', {
      action: {
        label: 'Bring back the one before',
        onClick: () => playground.load(before.conversation, before.settings),
      },
    });
  };
  usePaletteActions([
    { id: 'playground-new', label: 'New conversation', icon: Plus, shortcut: 'n', run: begin },
    { id: 'playground-code', label: 'View code', icon: Code, run: () => setOpen('code') },
  ]);
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setDropping(false);
    uploads.add([...event.dataTransfer.files]);
  };
  const panel = <SettingsPanel settings={settings} models={models} playgroundKey={key} onChange={change} />;

  return (
    <Page
      title="Playground"
      description="Chat with any model or profile, through the public API."
      actions={
        <>
          <Button icon={SlidersHorizontal} className="lg:hidden" onClick={() => setOpen('settings')}>
            Settings
          </Button>
          <Button icon={Code} onClick={() => setOpen('code')}>
            View code
          </Button>
          <Button icon={Plus} onClick={begin}>
            New
          </Button>
        </>
      }
    >
      <div className="grid min-w-0 gap-6 lg:grid-cols-[minmax(0,1fr)_19rem]">
        <section
          aria-label="Chat"
          className="mx-auto flex min-h-[calc(100dvh-13rem)] w-full max-w-4xl min-w-0 flex-col md:min-h-[calc(100dvh-10.5rem)]"
          onDragOver={(event) => {
            if (!event.dataTransfer.types.includes('Files')) return;
            event.preventDefault();
            setDropping(true);
          }}
          onDragLeave={(event) => {
            if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setDropping(false);
          }}
          onDrop={drop}
        >
          {loading.error !== null ? (
            <ErrorState
              className="flex-1"
              error={loading.error}
              onRetry={loading.retry}
              title="It could not be loaded"
            />
          ) : loading.loading ? (
            <div className="flex-1">
              <SkeletonRows rows={8} label="Loading the conversation" />
            </div>
          ) : (
            <>
              <OriginNote
                conversation={conversation}
                onCopy={isTied(conversation) ? () => playground.load(copyOf(conversation), {}) : undefined}
              />
              <div className="h-4 shrink-0" />
              <Transcript
                state={state}
                secret={key.secret}
                blocked={blocked !== undefined}
                empty={<Welcome model={settings.model} />}
              />
            </>
          )}
          <div className="sticky bottom-0 z-10 -mx-2 flex flex-col gap-3 bg-bg px-2 pb-4">
            {!key.ready && <PlaygroundKeyPanel playgroundKey={key} />}
            <Composer
              uploads={uploads}
              running={running}
              blocked={blocked}
              dropping={dropping}
              onDraft={setDraft}
              onStop={() => playground.stop()}
              onSend={(text) => {
                void playground.send({ ...said, text }, key.secret);
                uploads.clear();
              }}
            />
          </div>
        </section>
        <aside
          aria-label="Settings of the request"
          className="sticky top-5 max-h-[calc(100dvh-7rem)] self-start overflow-y-auto rounded-lg border border-line bg-surface p-4 max-lg:hidden"
        >
          {panel}
        </aside>
      </div>
      <Drawer
        open={open === 'settings'}
        onOpenChange={(shown) => setOpen(shown ? 'settings' : undefined)}
        title="Settings of the request"
      >
        {panel}
      </Drawer>
      {open === 'code' && (
        <CodeDialog
          request={buildRequest(withDraft(conversation, said), settings)}
          onClose={() => setOpen(undefined)}
        />
      )}
    </Page>
  );
}

function withDraft(
  conversation: ReturnType<typeof usePlayground>['conversation'],
  said: Pick<UserTurn, 'text' | 'files' | 'replies'>,
): typeof conversation {
  const { turns } = conversation;
  // Without a message of its own it shows the last request once more.
  if (said.text === '' && said.files.length === 0) {
    const last = turns.findLastIndex(({ role }) => role === 'user');
    if (last !== -1) return { ...conversation, turns: turns.slice(0, last + 1) };
  }
  return {
    ...conversation,
    turns: [...turns, { role: 'user', id: 'draft', ...said, text: said.text || 'Hello' }],
  };
}

function useDefaultModel(model: string, first: string | undefined): void {
  useEffect(() => {
    if (model === '' && first !== undefined) playground.change({ model: first });
  }, [model, first]);
}

function Welcome({ model }: { readonly model: string }) {
  return (
    <EmptyState icon={MessageSquareText} title="Say something" className="flex-1">
      {model === '' ? 'Choose a model' : `${model} answers`} just as your programs are answered: what you see
      here is what they get. Files can be dropped anywhere on this page.
    </EmptyState>
  );
}
