import type { ClientTool, ToolChoice } from '../../turn/index.ts';
import { invalidValue, missingField } from '../errors.ts';
import type { IgnoredParameter } from '../ignored-parameter.ts';
import { type HostedTools, hostedKind, noHostedTools } from './hosted-tools.ts';
import type { WireToolChoice } from './responses-request-schema.ts';
import type { ToolNames } from './tool-names.ts';

export type EchoedToolChoice =
  | 'none'
  | 'auto'
  | 'required'
  | { readonly type: 'function' | 'custom'; readonly name: string }
  | {
      readonly type: 'allowed_tools';
      readonly mode: 'auto' | 'required';
      readonly tools: readonly { readonly [key: string]: unknown }[];
    };

interface Offered {
  readonly tools: readonly ClientTool[];
  readonly hosted: HostedTools;
  readonly names: ToolNames;
}

export interface DecodedToolChoice {
  /** The tools that may be called: all, unless the choice says otherwise. */
  readonly tools: readonly ClientTool[];
  readonly hosted: HostedTools;
  readonly choice: ToolChoice;
  readonly echo: EchoedToolChoice;
  readonly ignored: readonly IgnoredParameter[];
}

export function decodeToolChoice(
  choice: WireToolChoice | null | undefined,
  offered: Offered,
): DecodedToolChoice {
  const { tools, hosted } = offered;
  const plain = (type: 'auto' | 'none' | 'required'): DecodedToolChoice => ({
    tools,
    hosted,
    choice: { type },
    echo: type,
    ignored: [],
  });
  if (choice === null || choice === undefined || choice === 'auto') return plain('auto');
  if (choice === 'none') return { ...plain('none'), hosted: noHostedTools };
  const hasHosted =
    hosted.codeInterpreter || hosted.webSearch || hosted.shell || hosted.mcpServers.length > 0;
  if (tools.length === 0 && !hasHosted) {
    throw invalidValue('tool_choice', "'tool_choice' is only allowed when 'tools' are specified.");
  }
  if (choice === 'required') return tools.length > 0 ? plain('required') : cannotForce(plain('auto'));

  switch (choice.type) {
    case 'function':
    case 'custom': {
      if (!choice.name) throw missingField('tool_choice.name');
      const name = findTool({ ...choice, name: choice.name }, offered, 'tool_choice');
      const echo = { type: choice.type, name: choice.name } as const;
      return { ...plain('auto'), choice: { type: 'named', name }, echo };
    }
    case 'allowed_tools':
      return decodeAllowed(choice, offered, plain('auto'));
    default: {
      if (hostedKind(choice.type) !== undefined) return cannotForce(plain('auto'));
      const supported = "'none', 'auto', 'required', 'function', 'custom', 'allowed_tools'";
      throw invalidValue(
        'tool_choice.type',
        `Invalid value: '${choice.type}'. Supported values are: ${supported}, or the type of a hosted tool of the request.`,
      );
    }
  }
}

function decodeAllowed(
  choice: Exclude<WireToolChoice, string>,
  offered: Offered,
  plain: DecodedToolChoice,
): DecodedToolChoice {
  const path = 'tool_choice.tools';
  const allowed = choice.tools ?? [];
  if (allowed.length === 0) throw invalidValue(path, `Invalid '${path}': name at least one tool.`);
  const names = new Set<string>();
  const kinds = new Set<string>();
  const labels = new Set<string>();
  for (const [index, one] of allowed.entries()) {
    const place = `${path}[${index}]`;
    const kind = hostedKind(one.type);
    if (kind === 'mcp') labels.add(one.server_label ?? '');
    else if (kind !== undefined) kinds.add(kind);
    else if (!one.name) throw missingField(`${place}.name`);
    else names.add(findTool({ ...one, name: one.name }, offered, place));
  }
  const { tools, hosted } = offered;
  const left = tools.filter(({ name }) => names.has(name));
  const mode = choice.mode ?? 'auto';
  const decided: DecodedToolChoice = {
    ...plain,
    tools: left,
    hosted: {
      codeInterpreter: hosted.codeInterpreter && kinds.has('codeInterpreter'),
      webSearch: hosted.webSearch && kinds.has('webSearch'),
      shell: hosted.shell && kinds.has('shell'),
      ...(hosted.container && { container: hosted.container }),
      mcpServers: hosted.mcpServers.filter(({ label }) => labels.has(label)),
    },
    choice: { type: mode },
    echo: { type: 'allowed_tools', mode, tools: allowed },
  };
  if (mode === 'auto' || left.length > 0) return decided;
  return {
    ...cannotForce(decided),
    choice: { type: 'auto' },
    echo: { type: 'allowed_tools', mode: 'auto', tools: allowed },
  };
}

/** A tool may be named by its plain name alone if only one namespace has it. */
function findTool(
  reference: { readonly name: string; readonly namespace?: string | null | undefined },
  { tools, names }: Offered,
  path: string,
): string {
  const { name, namespace } = reference;
  const has = (wanted: string) => tools.some((tool) => tool.name === wanted);
  if (!namespace && has(name)) return name;
  const matches = [...names.namespaced].filter(
    ([, known]) => known.name === name && (!namespace || known.namespace === namespace),
  );
  const [first] = matches;
  if (first !== undefined && matches.length === 1 && has(first[0])) return first[0];
  const param = `${path}.name`;
  throw invalidValue(param, `Invalid '${param}': '${name}' is not among the tools of the request.`);
}

/** Claude can be made to call a tool of the client, but not one of its own. */
function cannotForce(decided: DecodedToolChoice): DecodedToolChoice {
  const reason = 'A hosted tool cannot be forced; Claude decides when to use it.';
  return { ...decided, ignored: [...decided.ignored, { param: 'tool_choice', reason }] };
}
