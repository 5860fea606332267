import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { WorkspaceDirectory } from '../../testing/workspace-directory.ts';
import { RunHistory } from './commit-run.ts';

const searchPath = process.env['PATH'] ?? '';

function historyOf({ root, outside }: WorkspaceDirectory): {
  history: RunHistory;
  git: (...args: string[]) => string;
} {
  const gitDir = path.join(outside, 'history', 'w.git');
  return {
    history: new RunHistory({ root, gitDir, hidden: ['owner-*/'], searchPath }),
    git: (...args) => execFileSync('git', [`--git-dir=${gitDir}`, ...args], { encoding: 'utf8' }).trim(),
  };
}

test('each run that changed something is a commit', async () => {
  using workspace = new WorkspaceDirectory({ 'a.txt': 'one', 'node_modules/x': '', 'owner-1/secret': '' });
  const { history, git } = historyOf(workspace);
  const first = await history.commit('Run run_1');
  expect(await history.commit('Run run_2')).toBeUndefined();
  workspace.write('a.txt', 'two');
  workspace.write('sub/b.txt', 'new');
  const second = await history.commit('Run run_3');
  expect(git('log', '--format=%H %s %an <%ae>').split('\n')).toEqual([
    `${second} Run run_3 claudecode-api <claudecode-api@localhost>`,
    `${first} Run run_1 claudecode-api <claudecode-api@localhost>`,
  ]);
  expect(git('ls-tree', '-r', '--name-only', 'HEAD').split('\n')).toEqual(['a.txt', 'sub/b.txt']);
  expect(readdirSync(workspace.root)).not.toContain('.git');
});

test('what the sandbox of another run’s command puts there for a moment is not committed', async () => {
  using workspace = new WorkspaceDirectory({ 'a.txt': 'one', '.bashrc': '', '.profile': 'mine' });
  workspace.shell('chmod 444 .bashrc');
  const { history, git } = historyOf(workspace);
  await history.commit('run_1');
  expect(git('ls-tree', '-r', '--name-only', 'HEAD').split('\n')).toEqual(['.profile', 'a.txt']);
});

test('runs that end together are committed one after the other', async () => {
  using workspace = new WorkspaceDirectory({ a: '' });
  const { history, git } = historyOf(workspace);
  const commits = await Promise.all(['1', '2', '3'].map((id) => history.commit(id)));
  expect(commits.filter((id) => id !== undefined)).toHaveLength(1);
  expect(git('rev-list', '--count', 'HEAD')).toBe('1');
});

test('nothing that an agent puts into its repositories, attributes or links is run or followed', async () => {
  using workspace = new WorkspaceDirectory({ 'a.txt': 'one' });
  const evil = path.join(workspace.outside, 'evil.sh');
  const proof = path.join(workspace.outside, 'proof');
  writeFileSync(evil, `#!/bin/sh\ntouch ${proof}\ncat\n`, { mode: 0o755 });
  workspace.write('.gitattributes', '* filter=evil diff=evil merge=evil\n');
  workspace.shell('git init -q . && git init -q nested && git init -q empty && mkdir -p .git/hooks');
  const config = `[core]
	fsmonitor = ${evil}
	hooksPath = ${workspace.outside}
	worktree = ${workspace.outside}
	sshCommand = ${evil}
	editor = ${evil}
[filter "evil"]
	clean = ${evil}
	process = ${evil}
	required = true
[diff "evil"]
	textconv = ${evil}
	command = ${evil}
[commit]
	gpgSign = true
[gpg]
	program = ${evil}
`;
  workspace.write('nested/file', 'x');
  workspace.shell('cd nested && git add . && git -c user.name=a -c user.email=a@b commit -qm x');
  for (const file of ['.git/config', 'nested/.git/config', 'empty/.git/config'])
    workspace.write(file, config);
  for (const hook of ['pre-commit', 'post-commit', 'post-index-change', 'reference-transaction'])
    writeFileSync(path.join(workspace.outside, hook), `#!/bin/sh\n${evil}\n`, { mode: 0o755 });
  workspace.link('out', '../outside');
  const { history, git } = historyOf(workspace);
  expect(await history.commit('1')).toMatch(/^[0-9a-f]{40}$/);
  workspace.write('nested/file', 'changed');
  workspace.write('a.txt', 'two');
  expect(await history.commit('2')).toMatch(/^[0-9a-f]{40}$/);
  expect(existsSync(proof)).toBe(false);
  expect(git('show', 'HEAD:a.txt')).toBe('two');
  const files = git('ls-tree', '-r', '--name-only', 'HEAD').split('\n');
  expect(files).toEqual(expect.arrayContaining(['.gitattributes', 'a.txt', 'out']));
  expect(files.some((file) => file.startsWith('out/') || file.includes('secret'))).toBe(false);
});
