import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Copy, RotateCcw, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { ProfileEntry } from '../../../../src/contract/index.ts';
import { useApi } from '../../api/use-api.ts';
import { useChange } from '../../api/use-change.ts';
import { useSession } from '../../session/use-session.ts';
import { Button, buttonStyle } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { Page } from '../../ui/page.tsx';
import { ErrorState, Skeleton } from '../../ui/states.tsx';
import { TimeText } from '../../ui/values.tsx';
import { OriginBadge } from '../profiles/origin-badge.tsx';
import { copyOfDraft, draftOfProfile, emptyProfileDraft } from './profile-draft.ts';
import { ProfileEditor } from './profile-editor.tsx';

const route = getRouteApi('/profiles/$name');
const back = { label: 'Profiles', link: { to: '/profiles' } } as const;

/** The editor of one profile; `new` is one that is not there yet. */
export function ProfilePage() {
  const { name } = route.useParams();
  return name === 'new' ? <NewProfile /> : <KnownProfile key={name} name={name} />;
}

function NewProfile() {
  const { from } = route.useSearch();
  const { isAdmin } = useSession();
  const all = useApi('listProfiles');
  const source = all.data?.items.find(({ name }) => name === from);
  return (
    <Page
      title={from === undefined ? 'New profile' : `Copy of ${from}`}
      back={back}
      description={
        from === undefined
          ? 'Clients choose it by its name, as a model.'
          : 'Secrets of MCP servers are not copied: give them again.'
      }
    >
      {!isAdmin ? (
        <ErrorState error="Only admins make profiles." title="This is for admins" />
      ) : all.data === undefined ? (
        <Waiting error={all.error} onRetry={all.refetch} />
      ) : (
        <ProfileEditor
          key={from}
          profile={undefined}
          initial={source === undefined ? emptyProfileDraft : copyOfDraft(draftOfProfile(source))}
          taken={all.data.items.map(({ name }) => name)}
        />
      )}
    </Page>
  );
}

function KnownProfile({ name }: { readonly name: string }) {
  const { isAdmin } = useSession();
  const { data: profile, error, refetch } = useApi('getProfile', { params: { name } });
  return (
    <Page
      title={name}
      back={back}
      heading={
        <span className="flex flex-wrap items-center gap-x-3">
          {name}
          {profile && <OriginBadge origin={profile.origin} />}
        </span>
      }
      description={
        profile?.updatedAt != null && (
          <>
            Changed <TimeText at={profile.updatedAt} /> by {profile.updatedBy}
          </>
        )
      }
      actions={isAdmin && profile && <Actions profile={profile} />}
    >
      {profile === undefined ? (
        <Waiting error={error} onRetry={refetch} />
      ) : (
        <ProfileEditor profile={profile} initial={emptyProfileDraft} taken={[]} />
      )}
    </Page>
  );
}

function Waiting({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => unknown }) {
  if (error !== null)
    return <ErrorState error={error} onRetry={onRetry} title="This profile could not be loaded" />;
  return (
    <div role="status" aria-label="Loading" className="flex flex-col gap-5">
      <Skeleton className="h-64 w-full rounded-lg" />
      <Skeleton className="h-64 w-full rounded-lg" />
    </div>
  );
}

function Actions({ profile: { name, origin } }: { readonly profile: ProfileEntry }) {
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  const reset = origin === 'changed';
  const remove = useChange('deleteProfile', {
    invalidates: ['listProfiles', ...(reset ? (['getProfile'] as const) : [])],
    errorToast: false,
    success: reset ? `“${name}” is as it came` : `“${name}” is deleted`,
  });
  return (
    <>
      <Link to="/profiles/$name" params={{ name: 'new' }} search={{ from: name }} className={buttonStyle()}>
        <Copy className="size-4" aria-hidden />
        Duplicate
      </Link>
      {origin !== 'default' && (
        <Button variant="dangerQuiet" icon={reset ? RotateCcw : Trash2} onClick={() => setOpen(true)}>
          {reset ? 'Reset to default' : 'Delete'}
        </Button>
      )}
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title={reset ? `Reset “${name}” to its default?` : `Delete “${name}”?`}
        description={
          reset
            ? 'All that was changed in it is lost; it is as it came with the server.'
            : 'Requests that name it are refused from now on. Keys that allow it stay as they are.'
        }
        action={reset ? 'Reset profile' : 'Delete profile'}
        onConfirm={async () => {
          await remove.mutateAsync({ params: { name } });
          if (!reset) await navigate({ to: '/profiles', ignoreBlocker: true });
        }}
      />
    </>
  );
}
