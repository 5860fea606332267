import { describe, expect, test } from 'vitest';
import { type Confinement, confinementSettings, confinementVariables, isConfined } from './confine-agent.ts';
import type { Launch } from './launch.ts';

const agent: Launch = {
  model: 'sonnet',
  cwd: '/root/owner-1',
  builtInTools: 'all',
  permissionMode: 'bypassPermissions',
  thinking: true,
};
const shared: Launch = { ...agent, cwd: '/root' };
const confinement: Confinement = {
  sandbox: true,
  hiddenPaths: ['/data', '/home/.ssh'],
  workspaceRoot: '/root',
  tempRoot: '/tmp/cca',
  closedHosts: ['localhost'],
  closedPorts: [3000],
};
const settingsOf = (launch: Launch, more: Partial<Confinement> = {}) =>
  confinementSettings(
    launch,
    { ...confinement, ...more },
    { PATH: '/bin', ANTHROPIC_API_KEY: 'k', AWS_REGION: 'x' },
  );

describe('what is hidden from a sandboxed command', () => {
  const filesystemOf = (launch: Launch, more?: Partial<Confinement>) =>
    settingsOf(launch, more).sandbox?.filesystem ?? {};

  test("are all workspaces but a key's own", () => {
    const { denyRead, allowRead } = filesystemOf(agent);
    expect(denyRead).toEqual(['/data', '/home/.ssh', '/tmp/cca', '/root']);
    expect(allowRead).toContain('/root/owner-1');
  });

  test('are, from those who share the root, the workspaces in it', () => {
    const { denyRead, allowRead } = filesystemOf(shared);
    expect(denyRead).toEqual(expect.arrayContaining(['/root/owner-*', '/root/container-*']));
    expect(denyRead).not.toContain('/root');
    expect(allowRead).not.toContain('/root');
  });

  test('is not a workspace that lies in something hidden', () => {
    expect(filesystemOf(shared, { hiddenPaths: ['/'] }).allowRead).toContain('/root');
    expect(filesystemOf({ ...agent, cwd: '/data/engine/empty' }).allowRead).toContain('/data/engine/empty');
    expect(filesystemOf({ ...agent, cwd: '/database' }).allowRead).not.toContain('/database');
  });

  test('are variables of credentials, wherever they come from', () => {
    expect(settingsOf(agent).sandbox?.credentials?.envVars).toEqual([
      { name: 'ANTHROPIC_API_KEY', mode: 'deny' },
      { name: 'AWS_REGION', mode: 'deny' },
    ]);
  });
});

describe('what file tools are refused', () => {
  const deniedTo = (launch: Launch, more?: Partial<Confinement>) =>
    settingsOf(launch, more).permissions?.deny ?? [];

  test('is what is hidden in a workspace itself; all outside is refused anyway', () => {
    expect(deniedTo(agent).filter((rule) => /^(Read|Edit)/.test(rule))).toEqual([]);
    expect(deniedTo(shared)).toEqual(
      expect.arrayContaining(['Read(//root/owner-*/**)', 'Edit(//root/owner-*/**)']),
    );
    const inside = deniedTo(agent, { hiddenPaths: ['/root/owner-1/data'] });
    expect(inside).toEqual(
      expect.arrayContaining(['Read(//root/owner-1/data)', 'Edit(//root/owner-1/data/**)']),
    );
  });

  test('is that path alone, whatever characters it has', () => {
    const odd = '/root/owner-1/a (b) [c]*';
    expect(deniedTo(agent, { hiddenPaths: [odd] })).toContain('Read(//root/owner-1/a \\(b\\) \\[c\\]\\*)');
  });
});

describe('what commands reach over the network', () => {
  const networkOf = (network: Launch['network']) =>
    settingsOf({ ...agent, ...(network === undefined ? {} : { network }) }).sandbox?.network;
  const closed = ['localhost', '*:3000'];

  test.each<[Launch['network'], string[], boolean]>([
    [undefined, ['*'], false],
    ['none', [], true],
    [['example.com'], ['example.com'], true],
  ])('%j', (network, allowedDomains, strictAllowlist) => {
    expect(networkOf(network)).toEqual({ allowedDomains, strictAllowlist, deniedDomains: closed });
  });

  test('is never this machine by WebFetch; where hosts are named, no host by it', () => {
    expect(settingsOf(agent).permissions?.deny).toEqual(['WebFetch(domain:localhost)']);
    const limited = settingsOf({ ...agent, network: ['example.com'] });
    expect(limited.permissions?.deny).toContain('WebFetch');
  });
});

test('without a sandbox, file tools are held to the workspace all the same', () => {
  const { sandbox, permissions } = settingsOf(agent, { sandbox: false });
  expect(sandbox).toBeUndefined();
  expect(permissions).toMatchObject({
    blockFileToolReadsOutsideWorkingDirectories: true,
    blockWritesOutsideWorkingDirectories: true,
  });
});

test('each workspace has temporary files of its own', () => {
  const directory = (cwd: string) => confinementVariables({ cwd }, confinement)['TMPDIR'];
  expect(directory('/root')).toBe(directory('/root'));
  expect(directory('/root')).not.toBe(directory('/root/owner-1'));
  expect(directory('/root')).toMatch(/^\/tmp\/cca\/\w+$/);
});

test('a chat without tools is not confined, one with skills is', () => {
  const chat = { ...agent, builtInTools: 'none' } as const;
  expect(
    [agent, chat, { ...chat, skills: { names: 'all', pluginDir: '/p' } } as const].map(isConfined),
  ).toEqual([true, false, true]);
});
