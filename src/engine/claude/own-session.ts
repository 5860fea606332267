import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { rm, rmdir } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import type { SpawnOptions } from '@anthropic-ai/claude-agent-sdk';
import type { SessionNotes } from './session-notes.ts';

/** The session of a process that is about to be started. */
export interface OwnSession {
  /** What the process is to be started with. */
  readonly args: readonly string[];
  /** More environment variables for it. */
  readonly variables: Readonly<Record<string, string>>;
  /** Removes what the process kept of the conversation in files of its own. To be called when it is gone; never throws. */
  forget(): Promise<void>;
}

const resume = '--resume=';

/** How the SDK names the directory that it makes for a process that resumes a conversation. */
const resumeDirectory = 'claude-resume-';

/**
 * Gives a process a session id that we know, to find what it keeps, and keeps it from storing the client's images: it
 * would tell the model the path of each in a text block after the client's own. It has no switch for that, but goes on
 * without where it cannot store them; so a file lies where their directory would be. (An image
 * that it had to make smaller it speaks of all the same, without a path.)
 */
export function ownSession(
  { args, cwd = process.cwd(), env }: SpawnOptions,
  notes?: Pick<SessionNotes, 'add'>,
): OwnSession {
  const resumed = args.find((arg) => arg.startsWith(resume))?.slice(resume.length);
  const id = resumed ?? randomUUID();
  const folder = folderName(cwd);
  const parent = env['CLAUDE_CODE_TMPDIR'] || env['TMPDIR'] || tmpdir();
  const temporary = path.join(parent, `claude-${process.getuid?.() ?? 0}`, folder, id);
  const images = path.join(temporary, 'images');
  try {
    mkdirSync(temporary, { recursive: true, mode: 0o700 });
    writeFileSync(images, '', { mode: 0o600 });
  } catch {
    // Without its directory for temporary files, Claude Code does not start, and says why.
  }
  const config = configDirectory(env);
  const transcript = path.join(config, 'projects', folder, `${id}.jsonl`);
  const made = path.basename(config).startsWith(resumeDirectory) ? [config] : [];
  const strikeOut = notes?.add([images, transcript, ...made]);
  return {
    args: resumed === undefined ? [...args, `--session-id=${id}`] : args,
    variables: { CLAUDE_CODE_TMPDIR: parent },
    forget: async () => {
      // The database has the conversation; this copy would stay when it is deleted there.
      for (const file of [images, transcript]) await rm(file, { force: true }).catch(() => {});
      // What else lies in it, later turns may ask for.
      await rmdir(temporary).catch(() => {});
      await strikeOut?.();
    },
  };
}

function configDirectory(env: SpawnOptions['env']): string {
  return env['CLAUDE_CONFIG_DIR'] || path.join(env['HOME'] || homedir(), '.claude');
}

/** Claude Code's name for what belongs to a working directory. */
function folderName(cwd: string): string {
  const name = cwd.replace(/[^a-zA-Z0-9]/g, '-');
  if (name.length <= 200) return name;
  let hash = 0;
  for (let index = 0; index < cwd.length; index++) hash = ((hash << 5) - hash + cwd.charCodeAt(index)) | 0;
  return `${name.slice(0, 200)}-${Math.abs(hash).toString(36)}`;
}
