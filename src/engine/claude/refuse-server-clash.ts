import { type Turn, TurnError } from '../../turn/index.ts';
import { clientServerName } from './client-tools.ts';

/**
 * An MCP server of the client with the name of the operator's would take its place, and its leave to be called.
 * @throws TurnError `invalid_request`, or `engine_failed` where the operator's own name is not to be had.
 */
export function refuseServerClash({ profile, mcpServers = [] }: Turn): void {
  const operators = Object.keys(profile.mcpServers ?? {});
  if (operators.includes(clientServerName))
    throw new TurnError(
      'engine_failed',
      `The '${profile.name}' profile names an MCP server '${clientServerName}', which is taken.`,
    );
  const taken = new Set([...operators, clientServerName]);
  const clash = mcpServers.find(({ label }) => taken.has(label));
  if (clash !== undefined)
    throw new TurnError(
      'invalid_request',
      `The MCP server label '${clash.label}' is taken by the '${profile.name}' profile; use another.`,
    );
}
