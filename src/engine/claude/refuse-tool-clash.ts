import { BUILTIN_TOOL_NAMES } from '@anthropic-ai/claude-agent-sdk';
import { type Turn, TurnError } from '../../turn/index.ts';

/** Claude Code's own tools. */
export const builtInToolNames: ReadonlySet<string> = new Set(BUILTIN_TOOL_NAMES);

/**
 * Beside the built-in tools, a client's tool of the same name would never be called: Claude Code runs its own.
 * @throws TurnError `invalid_request`
 */
export function refuseToolClash({ profile, tools }: Turn): void {
  const builtIn = profile.builtInTools === 'all' ? builtInToolNames : new Set(profile.builtInTools);
  if (profile.builtInTools === 'none') return;
  const clashes = tools.tools.map((tool) => tool.name).filter((name) => builtIn.has(name));
  if (clashes.length === 0) return;
  const names = clashes.map((name) => `'${name}'`).join(', ');
  throw new TurnError(
    'invalid_request',
    `The '${profile.name}' profile has built-in tools of the same name: ${names}. Rename yours, or use the 'model' profile, which has none.`,
  );
}
