import type { McpServerConfig } from '@anthropic-ai/claude-agent-sdk';
import type { ProfileMcpServer } from '../../turn/index.ts';
import { processMarkNames } from './end-processes.ts';

/** An MCP server of the operator as the engine takes it. */
export function operatorServerConfig(server: ProfileMcpServer): McpServerConfig {
  if (server.type !== 'stdio') return { type: server.type, url: server.url, headers: { ...server.headers } };
  const kept = ['PATH', 'HOME', ...Object.keys(server.env), ...processMarkNames];
  return {
    type: 'stdio',
    command: '/bin/sh',
    args: ['-c', runWithOnly, 'sh', kept.join(' '), server.command, ...server.args],
    env: { ...server.env },
  };
}

/**
 * Claude Code hands its servers its whole environment, Claude's credentials with it. This drops all but the named
 * variables before the server starts; values never stand on a command line.
 */
const runWithOnly = `
keep=$1; shift
for name in $(env | sed -n 's/^\\([A-Za-z_][A-Za-z0-9_]*\\)=.*/\\1/p'); do
  case " $keep " in *" $name "*) ;; *) unset "$name" ;; esac
done
exec "$@"`;
