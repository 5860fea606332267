import { Card } from '../../../ui/card.tsx';
import { Field } from '../../../ui/field.tsx';
import { Input, Select } from '../../../ui/input.tsx';
import type { PartProps } from './part-props.ts';

const workspaces = [
  {
    value: 'owner',
    label: 'Of whoever asks',
    hint: 'The workspace of the key, kept from request to request.',
  },
  {
    value: 'conversation',
    label: 'One for each conversation',
    hint: 'Each conversation begins with an empty directory.',
  },
  { value: 'none', label: 'None', hint: 'An empty directory for each request.' },
] as const;
const files = [
  { value: 'unset', label: 'As the server is set', hint: 'The server’s own setting decides.' },
  { value: 'inline', label: 'In the answer', hint: 'Files that a run made stand in the answer itself.' },
  { value: 'links', label: 'As links', hint: 'The answer has links to the files.' },
  { value: 'off', label: 'Not at all', hint: 'The answer says nothing of files.' },
] as const;

export function LimitsPart({ draft, onChange, errorOf, disabled }: PartProps) {
  return (
    <Card title="Limits and files" description="For each request, unless the request itself asks for less.">
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <Field label="Most turns" hint="Calls of the model in one run." error={errorOf('maxTurns')}>
          <Input
            inputMode="numeric"
            autoComplete="off"
            placeholder="No limit"
            disabled={disabled}
            value={draft.maxTurns}
            onChange={(event) => onChange({ maxTurns: event.target.value })}
          />
        </Field>
        <Field
          label="Budget of a run, US$"
          hint="The run stops where it is used up."
          error={errorOf('maxBudgetUsd')}
        >
          <Input
            inputMode="decimal"
            autoComplete="off"
            placeholder="No limit"
            disabled={disabled}
            value={draft.maxBudgetUsd}
            onChange={(event) => onChange({ maxBudgetUsd: event.target.value })}
          />
        </Field>
        <Field
          label="Workspace"
          hint={workspaces.find(({ value }) => value === draft.workspace)?.hint}
          error={errorOf('workspace')}
        >
          <Select
            value={draft.workspace}
            options={workspaces}
            disabled={disabled}
            onChange={(workspace) => onChange({ workspace })}
          />
        </Field>
        <Field
          label="Files in Chat Completions"
          hint={files.find(({ value }) => value === (draft.files ?? 'unset'))?.hint}
          error={errorOf('files')}
        >
          <Select
            value={draft.files ?? 'unset'}
            options={files}
            disabled={disabled}
            onChange={(next) => onChange({ files: next === 'unset' ? null : next })}
          />
        </Field>
      </div>
    </Card>
  );
}
