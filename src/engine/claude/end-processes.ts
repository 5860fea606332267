import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/**
 * Every process that we spawn carries in its environment which server it belongs to. Shell commands of the
 * agent inherit that, so nothing it started is lost, whatever process group it moved to.
 */
const instanceVariable = 'CLAUDECODE_API_INSTANCE';
const serverVariable = 'CLAUDECODE_API_SERVER';
const processVariable = 'CLAUDECODE_API_PROCESS';

/** What a process must not lose, to be found and ended. */
export const processMarkNames = [instanceVariable, serverVariable, processVariable] as const;

/** Names the servers that share a data directory on this machine. */
export function instanceOf(dataDir: string): string {
  return createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
}

export function processMark(instance: string): { variables: Record<string, string>; own: string } {
  const id = randomUUID();
  return {
    variables: {
      [instanceVariable]: instance,
      [serverVariable]: String(process.pid),
      [processVariable]: id,
    },
    own: `${processVariable}=${id}`,
  };
}

/**
 * Ends what an earlier server of the same data directory left behind (it was killed and could not clean up).
 * Processes of a server that still runs are left alone. Returns how many were ended.
 */
export function reapOrphans(instance: string): Promise<number> {
  return endMarkedProcesses((variables) => {
    if (!variables.includes(`${instanceVariable}=${instance}`)) return false;
    const server = variables.find((variable) => variable.startsWith(`${serverVariable}=`));
    const pid = Number(server?.slice(serverVariable.length + 1));
    return pid !== process.pid && !isAlive(pid);
  });
}

/**
 * Kills every process whose environment fits, until no more is found: one that is just being started has no environment
 * to show for a moment. Returns how many.
 */
export async function endMarkedProcesses(fits: (variables: readonly string[]) => boolean): Promise<number> {
  const ended = new Set<number>();
  for (let foundMore = true; foundMore; ) {
    const marked = (await listEnvironments()).filter(
      ({ pid, variables }) => pid !== process.pid && !ended.has(pid) && fits(variables),
    );
    foundMore = marked.length > 0;
    for (const { pid } of marked) {
      ended.add(pid);
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It is gone already.
      }
    }
  }
  return ended.size;
}

interface ProcessEnvironment {
  readonly pid: number;
  readonly variables: readonly string[];
}

async function listEnvironments(): Promise<ProcessEnvironment[]> {
  if (process.platform === 'linux') return listFromProc();
  if (process.platform === 'win32') return [];
  return listFromPs();
}

async function listFromProc(): Promise<ProcessEnvironment[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      // Other users' processes cannot be read, and any may end meanwhile.
      const text = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      return { pid: Number(pid), variables: text.split('\0') };
    }),
  );
  return found.filter(({ variables }) => variables.length > 1);
}

/** `ps` shows the environment behind the command on macOS and the BSDs. */
async function listFromPs(): Promise<ProcessEnvironment[]> {
  const { stdout } = await promisify(execFile)('ps', ['-axEww', '-o', 'pid=,command='], {
    maxBuffer: 64 * 1024 * 1024,
  }).catch(() => ({ stdout: '' }));
  return stdout.split('\n').map((line) => {
    const [pid = '', ...words] = line.trim().split(/\s+/);
    return { pid: Number(pid), variables: words };
  });
}

/** Whether a process of this number runs. */
export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
