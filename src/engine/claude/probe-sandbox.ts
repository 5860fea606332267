import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Whether Claude Code's own sandbox can work on this machine. */
export interface SandboxStatus {
  readonly state: 'available' | 'unavailable';
  /** Why it is not. */
  readonly reason?: string;
  /** What to do about it. */
  readonly hint?: string;
}

/** What it calls on Linux, and the packages that have them. */
const programs = ['bwrap', 'socat', 'rg'] as const;
const packages = 'bubblewrap socat ripgrep';

const patienceMs = 5_000;

/**
 * Looks for what the sandbox needs and tries it once. On Linux that is bubblewrap, socat and ripgrep, and a kernel (or
 * container) that lets bubblewrap make namespaces; macOS brings its own; elsewhere there is none.
 */
export async function probeSandbox(
  variables: Readonly<Record<string, string>>,
  platform: NodeJS.Platform = process.platform,
): Promise<SandboxStatus> {
  if (platform === 'darwin') return { state: 'available' };
  if (platform !== 'linux')
    return { state: 'unavailable', reason: `Claude Code has no sandbox on ${platform}.` };
  const missing: string[] = [];
  for (const program of programs)
    if (!(await answers(program, ['--version', '-V'], variables))) missing.push(program);
  if (missing.length > 0)
    return {
      state: 'unavailable',
      reason: `Not found: ${missing.join(', ')}.`,
      hint: `Install them, on Debian and Ubuntu with: apt-get install ${packages}`,
    };
  const refusal = await refusalOf(
    ['--unshare-all', '--ro-bind', '/', '/', '--proc', '/proc', 'true'],
    variables,
  );
  if (refusal === undefined) return { state: 'available' };
  return {
    state: 'unavailable',
    reason: `bubblewrap cannot make a sandbox here: ${refusal}`,
    hint: 'Allow unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone=1, and on Ubuntu kernel.apparmor_restrict_unprivileged_userns=0); in Docker start the container with --security-opt seccomp=unconfined --security-opt systempaths=unconfined.',
  };
}

/** Programs differ in how they are asked for their version; one that starts is there. */
async function answers(
  program: string,
  flags: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<boolean> {
  for (const flag of flags) {
    try {
      await run(program, [flag], { env: { ...env }, timeout: patienceMs });
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    }
  }
  return true;
}

async function refusalOf(args: string[], env: Readonly<Record<string, string>>): Promise<string | undefined> {
  try {
    await run('bwrap', args, { env: { ...env }, timeout: patienceMs });
    return undefined;
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    return said || String(error);
  }
}
