import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { type SandboxTarget, shell } from './sandbox-target.ts';
import { call, type ReplyBlock } from './upstream.ts';

export interface Attempt {
  readonly name: string;
  /** A shell command, or a call of another tool. */
  readonly does: string | ReplyBlock;
  /** Whether it got through, by the tool's result or what lies on the disk; absent: where the result has LEAK in it. */
  readonly succeeded?: (result: string) => boolean;
  /** It would harm this machine, or fails anyway for want of privileges or of what it looks for. */
  readonly onlyConfined?: true;
}

export interface AttackedPlaces {
  /** The workspace of who attacks: the owner of a key. */
  readonly own: string;
  /** The workspace of another key's owner, and where the temporary files of its agent lie. */
  readonly neighbour: string;
  readonly temporary: string;
}

/** Steps in their order: some go on from what earlier ones made. */
export function escapeAttempts(
  target: SandboxTarget,
  places: AttackedPlaces,
): readonly (readonly Attempt[])[] {
  return [
    readingByShell(target, places),
    [...readingByTools(target, places), ...network(target)],
    changingByShell(target, places),
    changingByTools(target, places),
    [removal(target)],
  ];
}

/** The calls that do it all: its shell commands together, in a script in the workspace, as each for itself takes a while. */
export function callsOf(step: readonly Attempt[], workspace: string): ReplyBlock[] {
  const commands = commandsIn(step).map((command, index) => `(${command}\n) 2>&1; echo; echo ${mark(index)}`);
  const calls = step.flatMap(({ does }) => (typeof does === 'string' ? [] : [does]));
  if (commands.length === 0) return calls;
  const script = `attempts-${randomUUID()}.sh`;
  mkdirSync(workspace, { recursive: true });
  writeFileSync(path.join(workspace, script), commands.join('\n'));
  return [shell(`bash ${script}`), ...calls];
}

/** What came of each attempt of a step, by its name. */
export function gotThrough(step: readonly Attempt[], results: readonly string[]): [string, boolean][] {
  const hasCommands = commandsIn(step).length > 0;
  const said = hasCommands ? (results[0] ?? '').split(/==\d+==/) : [];
  const told = results.slice(hasCommands ? 1 : 0);
  return step.map(({ name, does, succeeded = showsLeak }) => {
    const result = typeof does === 'string' ? said.shift() : told.shift();
    if (result === undefined) throw new Error(`Nothing was told of: ${name}`);
    return [name, succeeded(result)];
  });
}

const commandsIn = (step: readonly Attempt[]): string[] =>
  step.flatMap(({ does }) => (typeof does === 'string' ? [does] : []));

const mark = (index: number): string => `==${index}==`;

const showsLeak = (result: string): boolean => result.includes('LEAK');

function readingByShell(target: SandboxTarget, { neighbour, temporary }: AttackedPlaces): Attempt[] {
  const { directory, outside } = target;
  const data = path.join(directory, 'data');
  const secret = path.join(data, 'secret');
  const pid = target.program.pid ?? 0;
  return [
    run('the secret by its path', `cat ${secret}`),
    run('the secret by ..', 'cat ../../data/secret'),
    run('the secret after cd', `cd ${data} && cat secret`),
    run(
      'the secret through links',
      `ln -s ${data} link; ln -s ${secret} file-link; cat link/secret file-link`,
    ),
    run('the secret through a hard link', `ln ${secret} hard; cat hard`),
    run('the secret by copying', `cp ${secret} copy; cat copy`),
    run('the secret through /proc/self', `cat /proc/self/root${secret} /proc/self/cwd/../../data/secret`),
    run('the secret through /proc of others', `cat /proc/$PPID/root${secret}; cat /proc/1/root${secret}`),
    run('the secret in the background', `(setsid sh -c 'cat ${secret} > taken' &); sleep 0.3; cat taken`),
    run(
      'the secret by mounting',
      `umount -l ${data}; mkdir -p m; mount --bind ${data} m; cat ${secret} m/secret`,
      {
        onlyConfined: true,
      },
    ),
    run('the secret in a namespace', `unshare -rm sh -c 'umount -l ${data}; cat ${secret}'`, {
      onlyConfined: true,
    }),
    run('the secret by another root', `chroot /proc/1/root cat ${secret}; nsenter -t 1 -m cat ${secret}`, {
      onlyConfined: true,
    }),
    run('the disk', `for disk in /dev/[svx]d* /dev/nvme* /dev/mem; do head -c 1 $disk && echo LE''AK; done`, {
      onlyConfined: true,
    }),
    run('databases', `head -c 99 ${data}/webui.sqlite ${outside}/elsewhere.sqlite`),
    run('.env', `cat ${outside}/.env`),
    run('conversations of others', `cat ${data}/engine/claude/projects/x/session.jsonl`),
    run('credentials in the home directory', 'cat ~/.ssh/id_ed25519 ~/.netrc ~/.claude/.credentials.json'),
    run('a neighbour by its path', `cat ${neighbour}/own.txt`),
    run('neighbours by looking around', 'cat ../*/own.txt ../*.txt'),
    run('a neighbour through a link', `ln -s ${neighbour} n; cat n/own.txt`),
    run('a neighbour’s temporary files', `cat ${temporary}/own.txt`),
    run('temporary files of other programs', `cat ${target.temporary}/other.txt`),
    run('variables of its own', 'env; cat /proc/self/environ /proc/$PPID/environ', { succeeded: showsKey }),
    run(
      'variables of other programs',
      `grep -a -h -o 'SECRET=....' /proc/[0-9]*/environ 2> /dev/null | tr '\\0' ' '`,
    ),
    run('memory of other programs', `ls /proc/${pid}/mem && echo LE''AK`),
    run('a socket in the file system', `timeout 5 socat -u UNIX-CONNECT:${outside}/socket -`),
  ];
}

function readingByTools(
  { directory, outside }: SandboxTarget,
  { own, neighbour, temporary }: AttackedPlaces,
): Attempt[] {
  const data = path.join(directory, 'data');
  const read = (name: string, file_path: string, more?: More): Attempt =>
    tool('Read', name, { file_path }, more);
  const grep = (name: string, place: string): Attempt =>
    tool('Grep', name, { pattern: '^LE.K', path: place, output_mode: 'content', glob: '*secret*' });
  return [
    {
      name: 'shell: the secret with the sandbox waived',
      does: shell(`cat ${data}/secret`, { dangerouslyDisableSandbox: true }),
    },
    read('the secret by its path', `${data}/secret`),
    read('the secret by ..', `${own}/../../data/secret`),
    read('the secret through a link', `${own}/file-link`),
    read('the secret through a linked directory', `${own}/link/secret`),
    read('the secret through /proc', `/proc/self/root${data}/secret`),
    read('variables', '/proc/self/environ', { succeeded: showsKey, onlyConfined: true }),
    read('.env', `${outside}/.env`),
    read('long outputs of others', `${data}/engine/claude/projects/x/session/tool-results/y.txt`),
    read('a neighbour', `${neighbour}/own.txt`),
    read('a neighbour’s temporary file', `${temporary}/own.txt`),
    read('credentials in the home directory', `${directory}/.ssh/id_ed25519`),
    grep('the data', data),
    grep('through a link', `${own}/link`),
    grep('above the workspace', directory),
    tool(
      'Glob',
      'the data',
      { pattern: 'secret', path: data },
      { succeeded: (result) => result.includes('data/secret') },
    ),
    tool(
      'ListAgents',
      'agents of others',
      {},
      { succeeded: (result) => result.includes('Peer'), onlyConfined: true },
    ),
    tool(
      'SendMessage',
      'agents of others',
      { to: 'x', message: 'x' },
      {
        succeeded: (result) => !result.includes('No such tool'),
        onlyConfined: true,
      },
    ),
  ];
}

function network({ port, otherPort }: SandboxTarget): Attempt[] {
  const curl = `curl -sS -m 5 --noproxy '' \${HTTP_PROXY:+-x $HTTP_PROXY}`;
  const spellings = [
    '127.0.0.1',
    'localhost',
    '2130706433',
    '127.1',
    '0.0.0.0',
    '[::ffff:127.0.0.1]',
    hostname(),
  ];
  const eachWay = (url: string): string => `${curl} ${url}; ${curl} -p ${url}`;
  return [
    run('the server', `curl -sS -m 5 http://127.0.0.1:${port}/metrics`),
    run(
      'the server by a bare socket',
      `exec 3<>/dev/tcp/127.0.0.1/${port}; printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3; timeout 5 cat <&3`,
    ),
    run(
      'the server through the proxy, by every spelling',
      spellings.map((host) => eachWay(`http://${host}:${port}/`)).join('; '),
    ),
    run('the server at any address', eachWay(`http://127.0.0.2:${port}/`)),
    run('other programs on loopback', eachWay(`http://127.0.0.1:${otherPort}/`)),
    tool(
      'WebFetch',
      'the server',
      { url: `http://127.0.0.1:${port}/metrics`, prompt: 'x' },
      { onlyConfined: true },
    ),
  ];
}

function changingByShell(target: SandboxTarget, { neighbour }: AttackedPlaces): Attempt[] {
  const { directory, outside } = target;
  const pid = target.program.pid ?? 0;
  return [
    run('beside the workspace', `echo > ../../w1; ln -s ../.. up; echo > up/w2; echo > ~/.profile`, {
      ...writes(`${directory}/w1`, `${directory}/w2`, `${directory}/.profile`),
    }),
    run('other temporary files', `echo > ${target.temporary}/w`, writes(`${target.temporary}/w`)),
    run('beside the server', `echo > ${outside}/w`, writes(`${outside}/w`)),
    run('a neighbour', `echo > ${neighbour}/w`, writes(`${neighbour}/w`)),
    run('ending another program', `kill -9 ${pid}; sleep 0.3`, {
      succeeded: () => target.program.signalCode !== null,
    }),
  ];
}

function changingByTools({ directory }: SandboxTarget, { own, neighbour }: AttackedPlaces): Attempt[] {
  const secret = `${directory}/data/secret`;
  const write = (name: string, file_path: string, file = file_path): Attempt =>
    tool('Write', name, { file_path, content: 'x' }, writes(file));
  return [
    write('beside the workspace', `${directory}/w3`),
    write('through a link', `${own}/up/w4`, `${directory}/w4`),
    write('a neighbour', `${neighbour}/w5`),
    tool(
      'Edit',
      'the secret',
      { file_path: secret, old_string: 'LE', new_string: 'x' },
      { succeeded: () => readFileSync(secret, 'utf8') !== 'LEAK' },
    ),
    tool(
      'NotebookEdit',
      'beside the workspace',
      { notebook_path: `${directory}/w6.ipynb`, new_source: 'x', cell_type: 'code', edit_mode: 'insert' },
      { ...writes(`${directory}/w6.ipynb`), onlyConfined: true },
    ),
  ];
}

function removal({ directory }: SandboxTarget): Attempt {
  const data = `${directory}/data`;
  return run('removing the data', `rm -rf ${data}/secret; mv ${data} ${data}-moved`, {
    succeeded: () => !existsSync(`${data}/secret`),
  });
}

const writes = (...files: string[]): More => ({ succeeded: () => files.some((file) => existsSync(file)) });

type More = Pick<Attempt, 'succeeded' | 'onlyConfined'>;

const run = (name: string, command: string, more: More = {}): Attempt => ({
  name: `shell: ${name}`,
  does: command,
  ...more,
});

const tool = (kind: string, name: string, input: object, more: More = {}): Attempt => ({
  name: `${kind}: ${name}`,
  does: call(kind, input),
  ...more,
});

const showsKey = (result: string): boolean => result.includes('sk-ant-test');
