import { useNavigate } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { flushSync } from 'react-dom';
import type { ProfileEntry } from '../../../../src/contract/index.ts';
import { ConsoleError, errorMessage, fieldError } from '../../api/console-error.ts';
import { useChange } from '../../api/use-change.ts';
import { useSession } from '../../session/use-session.ts';
import { SaveBar } from '../../ui/save-bar.tsx';
import { showFirstProblem } from '../../ui/show-first-problem.ts';
import { checkProfile, problemAt } from './check-profile.ts';
import { GeneralPart } from './parts/general-part.tsx';
import { LimitsPart } from './parts/limits-part.tsx';
import { PromptPart } from './parts/prompt-part.tsx';
import { ServersPart } from './parts/servers-part.tsx';
import { SubagentsPart } from './parts/subagents-part.tsx';
import { ToolsPart } from './parts/tools-part.tsx';
import { draftOfProfile, isProfileChanged, type ProfileDraft, specOfDraft } from './profile-draft.ts';
import { TestRun } from './test-run.tsx';

interface ProfileEditorProps {
  /** Undefined: a new one. */
  readonly profile: ProfileEntry | undefined;
  /** What it begins as. */
  readonly initial: ProfileDraft;
  /** Names that others have already. */
  readonly taken: readonly string[];
}

const slug = /^[a-z0-9][a-z0-9._-]{0,62}$/;

/** All of a profile in one form, with a place to try it out. */
export function ProfileEditor({ profile, initial, taken }: ProfileEditorProps) {
  const { isAdmin } = useSession();
  const navigate = useNavigate();
  const formId = useId();
  const [name, setName] = useState('');
  const [changed, setChanged] = useState<ProfileDraft>();
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({});
  const save = useChange('putProfile', {
    invalidates: ['listProfiles', 'getProfile'],
    errorToast: false,
    success: (after) => `“${after.name}” is saved`,
  });
  const before = profile === undefined ? initial : draftOfProfile(profile);
  const draft = changed ?? before;
  const dirty =
    profile === undefined
      ? name !== '' || changed !== undefined
      : changed !== undefined && isProfileChanged(before, changed);
  const errorOf = (param: string) => problemAt(problems, param) ?? fieldError(save.error, param);

  const submit = async (): Promise<void> => {
    const found = { ...(profile === undefined && nameProblem(name, taken)), ...(await checkProfile(draft)) };
    // At once: the cursor goes to the first of them.
    flushSync(() => setProblems(found));
    if (Object.keys(found).length > 0) return showFirstProblem(formId);
    const target = profile?.name ?? name;
    const saved = await save
      .mutateAsync({ params: { name: target }, body: specOfDraft(draft) })
      .catch(() => undefined);
    if (saved === undefined) return showFirstProblem(formId);
    setChanged(undefined);
    if (profile === undefined) {
      await navigate({
        to: '/profiles/$name',
        params: { name: saved.name },
        replace: true,
        ignoreBlocker: true,
      });
    }
  };
  const discard = (): void => {
    setChanged(undefined);
    setName('');
    setProblems({});
    save.reset();
  };
  const atField = save.error instanceof ConsoleError && save.error.param !== null;
  const part = {
    draft,
    errorOf,
    disabled: !isAdmin,
    onChange: (change: Partial<ProfileDraft>) => setChanged({ ...draft, ...change }),
  };
  return (
    <div className="grid items-start gap-5 xl:grid-cols-[minmax(0,1fr)_26rem]">
      <form
        id={formId}
        noValidate
        className="flex min-w-0 flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          if (dirty) void submit();
        }}
      >
        <GeneralPart {...part} name={profile === undefined ? name : undefined} onNameChange={setName} />
        <PromptPart {...part} />
        <ToolsPart {...part} />
        <ServersPart {...part} />
        <SubagentsPart {...part} />
        <LimitsPart {...part} />
        <SaveBar
          dirty={dirty}
          busy={save.isPending}
          action={profile === undefined ? 'Create profile' : 'Save'}
          onSave={() => void submit()}
          onDiscard={discard}
          error={save.error !== null && !atField ? errorMessage(save.error) : undefined}
        />
      </form>
      <TestRun name={profile?.name} dirty={dirty} />
    </div>
  );
}

function nameProblem(name: string, taken: readonly string[]): Readonly<Record<string, string>> {
  if (name === '') return { name: 'Give the profile a name.' };
  // Its page would be that of a new one.
  if (!slug.test(name) || name === 'new')
    return { name: 'This cannot be a name. Use a-z, 0-9, dot, dash and underscore.' };
  return taken.includes(name) ? { name: 'There is a profile of this name already.' } : {};
}
