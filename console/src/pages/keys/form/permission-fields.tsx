import type { KeyPermissions } from '../../../../../src/contract/index.ts';
import { builtInTools } from '../../../access/built-in-tools.ts';
import {
  permissionModeHint,
  permissionModeOptions,
  readPermissionMode,
  writePermissionMode,
} from '../../../access/permission-modes.ts';
import { useModelSuggestions, useProfileSuggestions } from '../../../access/use-suggestions.ts';
import { Field } from '../../../ui/field.tsx';
import { Select } from '../../../ui/input.tsx';
import { AllowedField } from './allowed-field.tsx';
import { WorkspaceField } from './workspace-field.tsx';

interface PermissionFieldsProps {
  readonly value: KeyPermissions;
  readonly onChange: (value: KeyPermissions) => void;
  readonly errorOf: (param: string) => string | undefined;
  readonly disabled?: boolean;
}

const modeOptions = permissionModeOptions('As the profile says');

export function PermissionFields({ value, onChange, errorOf, disabled = false }: PermissionFieldsProps) {
  const models = useModelSuggestions();
  const profiles = useProfileSuggestions();
  const set = (change: Partial<KeyPermissions>): void => onChange({ ...value, ...change });
  const known = value.defaultProfile === null ? [] : [value.defaultProfile];
  const offered = [...new Set([...(value.profiles ?? profiles), ...known])];
  return (
    <div className="flex flex-col gap-5">
      <AllowedField
        label="Models"
        value={value.models}
        onChange={(next) => set({ models: next })}
        suggestions={models}
        hint="As clients send them or as Claude Code knows them; claude-opus-* stands for all that begin so."
        error={errorOf('permissions.models')}
        disabled={disabled}
      />
      <AllowedField
        label="Profiles"
        value={value.profiles}
        onChange={(next) => set({ profiles: next })}
        suggestions={profiles}
        hint="Requests that name another profile are refused."
        error={errorOf('permissions.profiles')}
        disabled={disabled}
      />
      <AllowedField
        label="Built-in tools"
        value={value.builtInTools}
        onChange={(next) => set({ builtInTools: next })}
        suggestions={builtInTools}
        hint="Of the tools that a profile has, all others are taken out."
        error={errorOf('permissions.builtInTools')}
        disabled={disabled}
      />
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <Field
          label="Permission mode"
          hint={permissionModeHint(value.permissionMode, 'Each profile has its own.')}
          error={errorOf('permissions.permissionMode')}
        >
          <Select
            value={writePermissionMode(value.permissionMode)}
            options={modeOptions}
            disabled={disabled}
            onChange={(mode) => set({ permissionMode: readPermissionMode(mode) })}
          />
        </Field>
        <Field
          label="Default profile"
          hint="Where a request names none."
          error={errorOf('permissions.defaultProfile')}
        >
          <Select
            value={value.defaultProfile ?? ''}
            options={[
              { value: '', label: 'By whether the request has tools' },
              ...offered.map((name) => ({ value: name, label: name })),
            ]}
            disabled={disabled}
            onChange={(name) => set({ defaultProfile: name === '' ? null : name })}
          />
        </Field>
      </div>
      <WorkspaceField
        value={value.workspace}
        onChange={(workspace) => set({ workspace })}
        error={errorOf('permissions.workspace')}
        disabled={disabled}
      />
    </div>
  );
}
