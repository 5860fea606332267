import { Field } from '../../../ui/field.tsx';
import { Input, Select, Textarea } from '../../../ui/input.tsx';
import { emptyServer, type ServerDraft } from '../profile-draft.ts';
import { ItemList } from './item-list.tsx';
import { PairsField } from './pairs-field.tsx';
import type { PartProps } from './part-props.ts';

const types = [
  { value: 'http', label: 'HTTP' },
  { value: 'sse', label: 'SSE' },
  { value: 'stdio', label: 'Command (stdio)' },
] as const;

export function ServersPart({ draft, onChange, errorOf, disabled }: PartProps) {
  return (
    <ItemList
      title="MCP servers"
      description="Further tools for the agent. Values of headers and variables are kept sealed and never shown again."
      noun="MCP server"
      items={draft.servers}
      empty={emptyServer}
      disabled={disabled}
      onChange={(servers) => onChange({ servers })}
      render={(server, change) => (
        <Server server={server} onChange={change} errorOf={errorOf} disabled={disabled} />
      )}
    />
  );
}

interface ServerProps extends Pick<PartProps, 'errorOf' | 'disabled'> {
  readonly server: ServerDraft;
  readonly onChange: (part: Partial<ServerDraft>) => void;
}

function Server({ server, onChange, errorOf, disabled }: ServerProps) {
  const path = `mcpServers.${server.name}`;
  const inside = ['url', 'headers', 'command', 'args', 'env'].map((part) => errorOf(`${path}.${part}`));
  const nameError = inside.every((error) => error === undefined) ? errorOf(path) : undefined;
  return (
    <div className="flex flex-col gap-4">
      <div className="grid items-start gap-4 pr-8 sm:grid-cols-2">
        <Field label="Name of the server" required error={nameError}>
          <Input
            autoComplete="off"
            spellCheck={false}
            disabled={disabled}
            value={server.name}
            onChange={(event) => onChange({ name: event.target.value })}
          />
        </Field>
        <Field label="Transport">
          <Select
            value={server.type}
            options={types}
            disabled={disabled}
            onChange={(type) => onChange({ type })}
          />
        </Field>
      </div>
      {server.type === 'stdio' ? (
        <>
          <Field label="Command" required error={errorOf(`${path}.command`)}>
            <Input
              className="font-mono text-sm"
              autoComplete="off"
              spellCheck={false}
              placeholder="npx"
              disabled={disabled}
              value={server.command}
              onChange={(event) => onChange({ command: event.target.value })}
            />
          </Field>
          <Field label="Arguments" hint="One a line." error={errorOf(`${path}.args`)}>
            <Textarea
              rows={3}
              className="font-mono text-sm"
              spellCheck={false}
              disabled={disabled}
              value={server.args}
              onChange={(event) => onChange({ args: event.target.value })}
            />
          </Field>
          <PairsField
            label="Environment"
            noun="variable"
            value={server.env}
            disabled={disabled}
            error={errorOf(`${path}.env`)}
            onChange={(env) => onChange({ env })}
          />
        </>
      ) : (
        <>
          <Field
            label="URL"
            required
            hint={
              /[?&][^=]*=\*\*\*/.test(server.url) ? '*** stands for a stored value, and stays.' : undefined
            }
            error={errorOf(`${path}.url`)}
          >
            <Input
              type="url"
              className="font-mono text-sm"
              autoComplete="off"
              spellCheck={false}
              placeholder="https://example.com/mcp"
              disabled={disabled}
              value={server.url}
              onChange={(event) => onChange({ url: event.target.value })}
            />
          </Field>
          <PairsField
            label="Headers"
            noun="header"
            value={server.headers}
            disabled={disabled}
            error={errorOf(`${path}.headers`)}
            onChange={(headers) => onChange({ headers })}
          />
        </>
      )}
    </div>
  );
}
