import { realpath } from 'node:fs/promises';
import { homedir, networkInterfaces, tmpdir } from 'node:os';
import path from 'node:path';
import type { Confinement } from './confine-agent.ts';
import { probeSandbox } from './probe-sandbox.ts';
import { makeTemporaryRoot, removeLeftRoots } from './temporary-root.ts';

/** `auto`: where the system offers it. `required`: without it no agent runs. `off`: agents are not confined at all. */
export type SandboxChoice = 'auto' | 'required' | 'off';

/** Whether commands of agents run in Claude Code's sandbox. */
export interface ActiveSandbox {
  readonly state: 'active' | 'unavailable' | 'off';
  /** Why they do not. */
  readonly reason?: string;
  /** What to do about it. */
  readonly hint?: string;
}

interface Circumstances {
  readonly choice: SandboxChoice;
  readonly instance: string;
  /** The environment of the agent's processes. */
  readonly variables: Readonly<Record<string, string>>;
  /** Absolute. */
  readonly dataDir: string;
  /** Absolute. */
  readonly workspaceRoot: string;
  /** Absolute. */
  readonly protectedPaths: readonly string[];
  readonly protectedPorts: readonly number[];
}

export interface PreparedConfinement {
  readonly sandbox: ActiveSandbox;
  /** Absent where the sandbox is off. */
  readonly confinement?: Confinement;
}

/** Finds out what agents can be held to on this machine. */
export async function prepareConfinement(circumstances: Circumstances): Promise<PreparedConfinement> {
  const { choice, instance, variables, dataDir, workspaceRoot, protectedPorts } = circumstances;
  // What is left over does no harm.
  await removeLeftRoots(instance, variables).catch(() => {});
  if (choice === 'off')
    return {
      sandbox: {
        state: 'off',
        reason:
          'It is switched off (SANDBOX=off): agents may read, change and reach whatever the server’s user may.',
        hint: 'Set SANDBOX=auto, unless the whole machine is there for the agents.',
      },
    };
  const probed = await probeSandbox(variables);
  const hidden = [
    ...[dataDir, ...circumstances.protectedPaths],
    // Other programs' files; conversations that are resumed are among them.
    ...[tmpdir(), '/tmp', '/var/tmp'],
    ...ofThisMachine,
    ...ofTheUser(variables),
  ];
  return {
    sandbox: probed.state === 'available' ? { state: 'active' } : { ...probed, state: 'unavailable' },
    confinement: {
      sandbox: probed.state === 'available',
      hiddenPaths: await withRealPaths(hidden),
      workspaceRoot: await realpath(workspaceRoot).catch(() => workspaceRoot),
      tempRoot: await makeTemporaryRoot(instance, variables),
      closedHosts: [...ownHosts, ...machineAddresses()],
      closedPorts: protectedPorts,
    },
  };
}

/** A rule holds for a path as it is written; a link is another spelling. */
async function withRealPaths(places: readonly string[]): Promise<string[]> {
  const real = await Promise.all(places.map((place) => realpath(place).catch(() => place)));
  return [...new Set([...places, ...real])];
}

/** What only root can read, if it is root that runs the server; and what container platforms put beside a server. */
const ofThisMachine = ['/etc/shadow', '/etc/gshadow', '/run/secrets', '/var/run/secrets'];

/** Keys, tokens and logins that programs keep in a home directory. */
const inHome = [
  ...['.ssh', '.gnupg', '.password-store', '.netrc', '.git-credentials', '.config/git/credentials'],
  ...['.aws', '.azure', '.config/gcloud', '.config/doctl', '.oci', '.kube', '.docker', '.terraform.d'],
  ...['.config/gh', '.config/hub', '.config/glab-cli', '.vault-token', '.config/op', '.config/rclone'],
  ...[
    '.npmrc',
    '.yarnrc.yml',
    '.pypirc',
    '.gem/credentials',
    '.m2/settings.xml',
    '.gradle/gradle.properties',
  ],
  ...['.cargo/credentials', '.cargo/credentials.toml', '.pgpass', '.my.cnf', '.config/pip'],
  ...['.claude', '.claude.json', '.config/claude', '.codex', '.gemini'],
  ...['.bash_history', '.zsh_history', '.python_history', '.node_repl_history', '.psql_history'],
  ...['.mozilla', '.config/google-chrome', '.config/chromium', '.local/share/keyrings', '.electrum'],
  ...['Library/Keychains', 'Library/Cookies', 'Library/Application Support/Google/Chrome'],
];

function ofTheUser(variables: Readonly<Record<string, string>>): string[] {
  const home = variables['HOME'] ?? homedir();
  const named = ['CLAUDE_CONFIG_DIR', 'GOOGLE_APPLICATION_CREDENTIALS'].map((name) => variables[name] ?? '');
  return [
    ...inHome.map((place) => path.join(home, place)),
    ...named.filter((place) => path.isAbsolute(place)),
  ];
}

/** This machine by its names; what tells a cloud's machines their credentials; and the machine around a container. */
const ownHosts = [
  ...['localhost', '*.localhost', '127.0.0.1', '0.0.0.0', '[::1]', '[::]'],
  ...['169.254.169.254', '169.254.170.2', '[fd00:ec2::254]', 'metadata.google.internal'],
  ...['host.docker.internal', 'gateway.docker.internal', 'host.containers.internal'],
];

function machineAddresses(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  // A link-local address is none without its interface.
  return addresses
    .filter(({ address, scopeid }) => !scopeid && !ownHosts.includes(address))
    .map(({ address, family }) => (family === 'IPv6' ? `[${address}]` : address))
    .filter((address) => !ownHosts.includes(address));
}
