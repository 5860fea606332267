import { lstat, unlink } from 'node:fs/promises';
import path from 'node:path';

/**
 * Files that Claude Code's sandbox keeps a command from making, since other programs would act by what is in them. For as
 * long as the command runs, an empty file holds the place of each that is not there.
 */
const inWorkspace = [
  ...['.bash_profile', '.bashrc', '.profile', '.zprofile', '.zshrc', '.ripgreprc'],
  ...['.gitconfig', '.gitmodules', '.mcp.json', '.idea', '.vscode'],
] as const;
const inClaudeFolder = [
  ...['agents', 'commands', 'hooks', 'output-styles', 'routines', 'skills', 'workflows'],
  ...['launch.json', 'loop.md', 'scheduled_tasks.json', 'settings.json', 'settings.local.json'],
] as const;

const placeholders: ReadonlySet<string> = new Set([
  ...inWorkspace,
  ...inClaudeFolder.map((name) => `.claude/${name}`),
]);

/** As of `.gitignore`. */
export const placeholderPatterns = [...placeholders].map((name) => `/${name}`);

interface FileFacts {
  readonly size: number;
  readonly mode: number;
  isFile(): boolean;
}

/** Whether a file is no work of the agent's: the path is relative to the workspace, with slashes. */
export function isSandboxPlaceholder(relativePath: string, facts: FileFacts): boolean {
  return (
    facts.size === 0 && (facts.mode & 0o777) === 0o444 && facts.isFile() && placeholders.has(relativePath)
  );
}

/** Those that are there now, relative to the workspace. Never throws. */
export async function findPlaceholders(workspace: string): Promise<string[]> {
  const found = await Promise.all(
    [...placeholders].map(async (name) => {
      const facts = await lstat(path.join(workspace, name)).catch(() => undefined);
      return facts !== undefined && isSandboxPlaceholder(name, facts) ? [name] : [];
    }),
  );
  return found.flat();
}

/** Removes what the sandbox of a process that was killed could not tidy away. Never throws. */
export async function removePlaceholders(workspace: string): Promise<void> {
  const left = await findPlaceholders(workspace);
  // One that is gone by now is as it should be.
  await Promise.all(left.map((name) => unlink(path.join(workspace, name)).catch(() => {})));
}
