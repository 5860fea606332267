import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer, type Server } from 'node:net';
import path from 'node:path';

const launcher = path.join(
  path.dirname(createRequire(import.meta.url).resolve('@openai/codex/package.json')),
  'bin/codex.js',
);

export interface CodexOptions {
  readonly baseUrl: string;
  /** Codex's home and its working directory `work` are made in here. */
  readonly directory: string;
  readonly prompt: string;
  /** Codex chooses its tools by the model's name. */
  readonly model: string;
  /** After so many milliseconds it is ended. */
  readonly timeoutMs: number;
}

export interface CodexRun {
  readonly exitCode: number | null;
  readonly stderr: string;
  /** Its events, one per line of its output. */
  readonly events: readonly { readonly type: string; readonly item?: Readonly<Record<string, unknown>> }[];
  /** Where it tried to go besides loopback. */
  readonly strayed: readonly string[];
}

/** `codex exec` with an own home, no sandbox and no approvals, talking to nobody but the server. */
export async function runCodex(options: CodexOptions): Promise<CodexRun> {
  const { baseUrl, directory, prompt, model, timeoutMs } = options;
  const home = path.join(directory, 'home');
  const work = path.join(directory, 'work');
  await mkdir(home, { recursive: true });
  await mkdir(work, { recursive: true });
  await writeFile(path.join(home, 'config.toml'), configFor(baseUrl, model));

  const strayed: string[] = [];
  const trap = await startTrap(strayed);
  const child = spawn(
    process.execPath,
    [launcher, 'exec', '--json', '--strict-config', '--skip-git-repo-check', '--cd', work, prompt],
    {
      cwd: work,
      // A group of its own: the launcher may hold the real program as a child.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: home,
        CODEX_HOME: home,
        TEST_KEY: 'sk-test',
        ...proxyVariables(trap.url),
      },
    },
  );
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const timer = setTimeout(() => endGroup(child.pid), timeoutMs);
  try {
    const [exitCode]: (number | null)[] = await once(child, 'close', {
      signal: AbortSignal.timeout(timeoutMs + 5_000),
    });
    const events = stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));
    return { exitCode: exitCode ?? null, stderr, events, strayed };
  } finally {
    clearTimeout(timer);
    endGroup(child.pid);
    trap.server.close();
  }
}

/** What it does of its own accord besides asking the model (updates, statistics, a list of plugins) is off. */
function configFor(baseUrl: string, model: string): string {
  return `
model = "${model}"
model_provider = "claudecode"
approval_policy = "never"
sandbox_mode = "danger-full-access"
check_for_update_on_startup = false
cli_auth_credentials_store = "file"

[model_providers.claudecode]
name = "Claude Code"
base_url = "${baseUrl}"
env_key = "TEST_KEY"
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0

[analytics]
enabled = false

[feedback]
enabled = false

[otel]
exporter = "none"
trace_exporter = "none"
metrics_exporter = "none"

[features]
plugins = false
remote_plugin = false
apps = false
`;
}

/** A proxy for everything but loopback; it notes what is asked of it, and refuses. */
async function startTrap(strayed: string[]): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (head) => {
      strayed.push(head.toString('latin1').split('\r\n', 1)[0] ?? '');
      socket.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { server, url: `http://127.0.0.1:${address.port}` };
}

function proxyVariables(url: string): Record<string, string> {
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'];
  const proxies = names.flatMap((name) => [name, name.toLowerCase()]).map((name) => [name, url]);
  return { ...Object.fromEntries(proxies), NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' };
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
