import type { KeyPermissions } from '../../../../../src/contract/index.ts';
import { Field } from '../../../ui/field.tsx';
import { Input, Select } from '../../../ui/input.tsx';

type Workspace = KeyPermissions['workspace'];

interface WorkspaceFieldProps {
  readonly value: Workspace;
  readonly onChange: (value: Workspace) => void;
  readonly error?: string | undefined;
  readonly disabled?: boolean;
}

const directory = 'directory:';
const kinds = [
  {
    value: 'own',
    label: 'Its own directory',
    hint: 'Kept from request to request, and seen by no other key.',
  },
  { value: 'shared', label: 'The shared root', hint: 'The same as for requests without a key.' },
  {
    value: 'conversation',
    label: 'One for each conversation',
    hint: 'Each conversation begins with an empty directory.',
  },
  { value: 'none', label: 'None', hint: 'An empty directory for each request.' },
  {
    value: 'directory',
    label: 'A named directory',
    hint: 'Shared with all keys that have the same name here.',
  },
] as const;

/** Where the agent works for a key. */
export function WorkspaceField({ value, onChange, error, disabled = false }: WorkspaceFieldProps) {
  const kind = value.startsWith(directory)
    ? 'directory'
    : (value as Exclude<Workspace, `${typeof directory}${string}`>);
  return (
    <div className="grid items-start gap-4 sm:grid-cols-2">
      <Field
        label="Workspace"
        hint={kinds.find((one) => one.value === kind)?.hint}
        error={kind === 'directory' ? undefined : error}
      >
        <Select
          value={kind}
          options={kinds}
          disabled={disabled}
          onChange={(next) => onChange(next === 'directory' ? directory : next)}
        />
      </Field>
      {kind === 'directory' && (
        <Field
          label="Name of the directory"
          hint="a-z, 0-9, dot, dash and underscore."
          error={error}
          required
        >
          <Input
            autoComplete="off"
            spellCheck={false}
            disabled={disabled}
            value={value.slice(directory.length)}
            onChange={(event) => onChange(`${directory}${event.target.value}`)}
          />
        </Field>
      )}
    </div>
  );
}
