import type { ReactNode } from 'react';
import { useApi } from '../../../api/use-api.ts';
import { Field } from '../../../ui/field.tsx';
import { Input, Textarea } from '../../../ui/input.tsx';
import { TagsInput } from '../../../ui/tags-input.tsx';
import { knownTags } from '../known-tags.ts';
import { ExpiryField } from './expiry-field.tsx';
import type { KeyDraft } from './key-draft.ts';
import { LimitFields } from './limit-fields.tsx';
import { PermissionFields } from './permission-fields.tsx';

interface KeyFieldsProps {
  readonly draft: KeyDraft;
  readonly onChange: (draft: KeyDraft) => void;
  /** What is wrong with a field, by the server's name for it. */
  readonly errorOf: (param: string) => string | undefined;
  readonly disabled?: boolean;
  /** How each part is framed. */
  readonly section: (title: string, description: string, children: ReactNode) => ReactNode;
}

/** Every field of a key, for a new one and for changing one. */
export function KeyFields({ draft, onChange, errorOf, disabled = false, section }: KeyFieldsProps) {
  const set = (change: Partial<KeyDraft>): void => onChange({ ...draft, ...change });
  const keys = useApi('listKeys', {}, { staleTime: 30_000 });
  const suggestions = knownTags(keys.data?.items ?? []);
  return (
    <>
      {section(
        'General',
        'Whose key it is, and until when.',
        <div className="flex flex-col gap-4">
          <div className="grid items-start gap-4 sm:grid-cols-2">
            <Field label="Name" required error={errorOf('name')}>
              <Input
                value={draft.name}
                disabled={disabled}
                autoComplete="off"
                placeholder="ci-runner"
                maxLength={200}
                onChange={(event) => set({ name: event.target.value })}
              />
            </Field>
            <Field label="Owner" hint="A person or a project, for reports." error={errorOf('owner')}>
              <Input
                value={draft.owner}
                disabled={disabled}
                autoComplete="off"
                maxLength={200}
                onChange={(event) => set({ owner: event.target.value })}
              />
            </Field>
          </div>
          <Field label="Tags" hint="For reports, and for finding it again." error={errorOf('tags')}>
            <TagsInput
              value={draft.tags}
              suggestions={suggestions}
              disabled={disabled}
              placeholder="Type and press Enter"
              onChange={(tags) => set({ tags })}
            />
          </Field>
          <Field label="Description" error={errorOf('description')}>
            <Textarea
              rows={2}
              value={draft.description}
              disabled={disabled}
              maxLength={2000}
              onChange={(event) => set({ description: event.target.value })}
            />
          </Field>
          <ExpiryField
            value={draft.expiresAt}
            disabled={disabled}
            error={errorOf('expiresAt')}
            onChange={(expiresAt) => set({ expiresAt })}
          />
        </div>,
      )}
      {section(
        'Limits',
        'Days and months are those of UTC. Empty: no limit. 2M and 10k do as well.',
        <LimitFields
          value={draft.limits}
          disabled={disabled}
          errorOf={errorOf}
          onChange={(limits) => set({ limits })}
        />,
      )}
      {section(
        'Permissions',
        'What requests with this key may ask for.',
        <PermissionFields
          value={draft.permissions}
          disabled={disabled}
          errorOf={errorOf}
          onChange={(permissions) => set({ permissions })}
        />,
      )}
    </>
  );
}
