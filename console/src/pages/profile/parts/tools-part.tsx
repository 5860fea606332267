import { builtInTools } from '../../../access/built-in-tools.ts';
import { permissionModes } from '../../../access/permission-modes.ts';
import { Card } from '../../../ui/card.tsx';
import { ListChoice } from './list-choice.tsx';
import type { PartProps } from './part-props.ts';

const inherit = {
  value: null,
  label: 'As the server is set',
  hint: 'The setting PERMISSION_MODE decides.',
} as const;

export function ToolsPart({ draft, onChange, errorOf, disabled }: PartProps) {
  return (
    <Card title="Tools and permissions" description="What the agent has at hand, and what it may do unasked.">
      <div className="flex flex-col gap-6">
        <ListChoice
          label="Built-in tools"
          value={draft.builtInTools}
          onChange={(next) => onChange({ builtInTools: next })}
          suggestions={builtInTools}
          hints={{
            all: 'Files, shell, search, web and subagents: all that Claude Code has.',
            none: 'No tools of Claude Code; those of clients and MCP servers stay.',
            list: 'Names as Claude Code writes them: Read, Bash, WebSearch.',
          }}
          error={errorOf('builtInTools')}
          disabled={disabled}
        />
        <PermissionModes draft={draft} onChange={onChange} errorOf={errorOf} disabled={disabled} />
        <ListChoice
          label="Skills"
          value={draft.skills}
          onChange={(next) => onChange({ skills: next })}
          hints={{
            all: 'Every skill that the server has.',
            none: 'No skills.',
            list: 'Names of skills that the server has.',
          }}
          error={errorOf('skills')}
          disabled={disabled}
        />
        <ListChoice
          label="Network of shell commands"
          value={draft.network}
          onChange={(next) => onChange({ network: next })}
          listLabel="Only these hosts"
          placeholder="example.com or *.example.com"
          hints={{
            all: 'Commands reach every host.',
            none: 'Commands reach no host, where there is a sandbox.',
            list: 'Holds where there is a sandbox. *.example.com stands for any subdomain.',
          }}
          error={errorOf('network')}
          disabled={disabled}
        />
      </div>
    </Card>
  );
}

function PermissionModes({ draft, onChange, errorOf, disabled }: PartProps) {
  const error = errorOf('permissionMode');
  return (
    <fieldset className="flex min-w-0 flex-col gap-1.5" disabled={disabled}>
      <legend className="mb-1.5 text-sm font-medium">Permission mode</legend>
      <div className="grid gap-2 sm:grid-cols-2">
        {[inherit, ...permissionModes].map(({ value, label, hint }) => (
          <label
            key={value}
            className="flex cursor-pointer items-start gap-2.5 rounded-md border border-line px-3 py-2 transition-colors hover:border-line-strong has-checked:border-accent has-checked:bg-accent-soft/50 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent has-disabled:cursor-not-allowed"
          >
            <input
              type="radio"
              name="permission-mode"
              className="mt-0.5 size-4 shrink-0 accent-accent outline-none"
              checked={draft.permissionMode === value}
              onChange={() => onChange({ permissionMode: value })}
            />
            <span className="min-w-0">
              <span className="block text-sm font-medium">
                {label}
                {value !== null && (
                  <span className="ml-1.5 font-mono text-xs font-normal text-faint">{value}</span>
                )}
              </span>
              <span className="block text-xs text-muted">{hint}</span>
            </span>
          </label>
        ))}
      </div>
      {error !== undefined && <p className="text-xs font-medium text-danger">{error}</p>}
    </fieldset>
  );
}
