import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { refetchAll, useApi } from '../../api/use-api.ts';
import { present, type SearchChange } from '../../search/read-search.ts';
import { useSession } from '../../session/use-session.ts';
import { Page } from '../../ui/page.tsx';
import { SaveBar } from '../../ui/save-bar.tsx';
import { showFirstProblem } from '../../ui/show-first-problem.ts';
import { ErrorState, SkeletonRows } from '../../ui/states.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { HistoryTab } from './history-tab.tsx';
import { LinksTab } from './links-tab.tsx';
import { ReviewDialog } from './review-dialog.tsx';
import { settingTitle } from './setting-title.ts';
import { SettingsList } from './settings-list.tsx';
import { useDraft } from './use-draft.ts';

const route = getRouteApi('/settings');
const nothing: readonly never[] = [];

export function SettingsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const set = (next: SearchChange<typeof search>) =>
    void navigate({ search: (before) => present({ ...before, ...next }), replace: true });
  const { isAdmin } = useSession();
  const client = useQueryClient();
  const answer = useApi('getSettings', {}, { staleTime: 0 });
  const history = useApi('settingHistory', {}, { staleTime: 0 });
  const { data } = answer;
  const settings = data?.settings ?? nothing;
  const draft = useDraft(settings, () => void refetchAll(client, ['getSettings', 'settingHistory']));
  const [reviewing, setReviewing] = useState(false);
  const formId = useId();

  const showProblems = (): void => {
    requestAnimationFrame(() => {
      if (document.getElementById(formId)?.querySelector('[aria-invalid=true]') == null) {
        // A field that is filtered away could not say what is wrong with it.
        set({ tab: undefined, text: undefined, group: undefined, source: undefined });
      }
      requestAnimationFrame(() => showFirstProblem(formId));
    });
  };
  const review = (): void => {
    if (draft.review()) setReviewing(true);
    else showProblems();
  };
  const wrong = Object.keys(draft.problems);
  const count = draft.count === 1 ? '1 change' : `${draft.count} changes`;
  const meanwhile = draft.overtaken.size === 0 ? '' : `, ${draft.overtaken.size} changed by others meanwhile`;

  return (
    <Page
      title="Settings"
      description={
        <>
          How this server behaves. What the environment gives comes first, then the .env file, then what is
          set here, then the default.{!isAdmin && ' Only admins can change settings.'}
        </>
      }
    >
      <Tabs
        label="Settings"
        value={search.tab === 'links' && !isAdmin ? 'settings' : (search.tab ?? 'settings')}
        onChange={(tab) => set({ tab: tab === 'history' || tab === 'links' ? tab : undefined })}
        tabs={[
          {
            value: 'settings',
            label: 'Settings',
            content:
              data !== undefined ? (
                <div id={formId}>
                  <SettingsList
                    settings={settings}
                    startup={data.startup}
                    history={history.data?.items ?? nothing}
                    search={search}
                    onSearch={set}
                    draft={draft}
                    editable={isAdmin}
                  />
                </div>
              ) : answer.error !== null ? (
                <ErrorState
                  error={answer.error}
                  onRetry={answer.refetch}
                  title="The settings could not be loaded"
                />
              ) : (
                <SkeletonRows rows={12} label="Loading settings" />
              ),
          },
          {
            value: 'history',
            label: 'History',
            content: <HistoryTab history={history} settings={settings} editable={isAdmin} />,
          },
          ...(isAdmin ? [{ value: 'links' as const, label: 'Public links', content: <LinksTab /> }] : []),
        ]}
      />
      <SaveBar
        dirty={draft.count > 0}
        busy={false}
        text={`${count} not saved yet${meanwhile}`}
        error={wrong.length === 0 ? undefined : `Look at ${wrong.map(settingTitle).join(', ')}.`}
        action={`Review ${count}`}
        onSave={review}
        onDiscard={draft.clear}
      />
      <ReviewDialog
        open={reviewing}
        changes={draft.changes}
        overtaken={draft.overtaken}
        onClose={() => setReviewing(false)}
        onSubmit={draft.startSaving}
        onSaved={() => {
          setReviewing(false);
          draft.clear();
        }}
        onRefused={(error) => {
          if (!draft.refuse(error)) return false;
          showProblems();
          return true;
        }}
      />
    </Page>
  );
}
