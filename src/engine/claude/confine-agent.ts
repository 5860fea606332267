import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Options } from '@anthropic-ai/claude-agent-sdk';
import { othersInRoot } from '../workspace/workspace-names.ts';
import type { Launch } from './launch.ts';
import { placeholderPatterns } from './sandbox-placeholders.ts';

/** What agents may reach beyond their workspaces: the same rules for all processes of this server. */
export interface Confinement {
  /** Shell commands run in Claude Code's sandbox. */
  readonly sandbox: boolean;
  /** Absolute; neither a tool nor a command of an agent reads or changes these files and directories. */
  readonly hiddenPaths: readonly string[];
  /** Absolute, symbolic links resolved. The workspaces of keys lie in it. */
  readonly workspaceRoot: string;
  /** Absolute; holds a directory of temporary files for each workspace, and what git is to pass by. */
  readonly tempRoot: string;
  /** Names and addresses of this machine, and of what answers for it in clouds. */
  readonly closedHosts: readonly string[];
  /** Ports that commands reach on no host. */
  readonly closedPorts: readonly number[];
}

type Settings = Exclude<NonNullable<Options['settings']>, string>;

/** In the temporary root. */
export const gitExcludesFile = 'git-excludes';

/** A process that can use no tool needs no confining. */
export function isConfined({ builtInTools, skills }: Launch): boolean {
  return builtInTools !== 'none' || skills !== undefined;
}

/**
 * Claude Code's own settings that hold in every permission mode. Its file tools work in the workspace alone. The shell
 * writes there and in a temporary directory alone, and reads all but what is hidden.
 */
export function confinementSettings(
  launch: Launch,
  confinement: Confinement,
  variables: Readonly<Record<string, string>>,
): Settings {
  const { cwd, skills, network } = launch;
  const { closedHosts } = confinement;
  const temporary = temporaryDirectory(cwd, confinement);
  const others = otherWorkspaces(cwd, confinement);
  const beside = [temporary, ...(skills === undefined ? [] : [skills.pluginDir])];
  const inWorkspace = [
    ...others.filter((place) => isInside(place, cwd)),
    ...confinement.hiddenPaths.filter((place) => isInside(place, cwd)).map(asPattern),
  ];
  return {
    permissions: {
      blockFileToolReadsOutsideWorkingDirectories: true,
      blockWritesOutsideWorkingDirectories: true,
      workingDirectoriesAsGiven: [cwd],
      blockReadsExemptPaths: beside,
      deny: [
        ...inWorkspace.flatMap((place) =>
          ['Read', 'Edit'].flatMap((tool) => [`${tool}(/${place})`, `${tool}(/${place}/**)`]),
        ),
        ...closedHosts.map((host) => `WebFetch(domain:${host})`),
        // It runs in Claude Code itself, which no list of hosts binds.
        ...(network === undefined ? [] : ['WebFetch']),
        ...(network === 'none' ? ['WebSearch'] : []),
      ],
    },
    ...(confinement.sandbox
      ? {
          sandbox: {
            ...sandboxSettings(launch, confinement, { temporary, beside, others }),
            credentials: { envVars: secretsAmong(variables) },
          },
        }
      : {}),
  };
}

interface Places {
  readonly temporary: string;
  readonly beside: readonly string[];
  readonly others: readonly string[];
}

function sandboxSettings(
  { cwd, network, permissionMode }: Launch,
  confinement: Confinement,
  { temporary, beside, others }: Places,
): Settings['sandbox'] {
  const { hiddenPaths, tempRoot, workspaceRoot, closedHosts, closedPorts } = confinement;
  const hidden = [
    ...hiddenPaths,
    tempRoot,
    ...(isInside(cwd, workspaceRoot) ? [workspaceRoot] : []),
    ...others,
  ];
  const isHidden = hidden.some((place) => isInside(cwd, place));
  return {
    enabled: true,
    // A sandbox that does not come up ends the run; nothing is run without it.
    failIfUnavailable: true,
    allowUnsandboxedCommands: false,
    // Where every call is to be asked about, or nothing to be changed, the sandbox is no leave.
    autoAllowBashIfSandboxed: permissionMode !== 'default' && permissionMode !== 'plan',
    filesystem: {
      denyRead: hidden,
      allowRead: [...beside, path.join(tempRoot, gitExcludesFile), ...(isHidden ? [cwd] : [])],
      allowWrite: [temporary],
    },
    network: {
      allowedDomains: network === undefined ? ['*'] : network === 'none' ? [] : [...network],
      deniedDomains: [...closedHosts, ...closedPorts.map((port) => `*:${port}`)],
      strictAllowlist: network !== undefined,
    },
  };
}

/** Claude Code needs these variables; its commands do without. */
function secretsAmong(variables: Readonly<Record<string, string>>): { name: string; mode: 'deny' }[] {
  return Object.keys(variables)
    .filter((name) => ofCredentials.test(name))
    .map((name) => ({ name, mode: 'deny' }));
}

const ofCredentials = /^(ANTHROPIC|CLAUDE|AWS|AZURE|GOOGLE|GCLOUD|GCE|CLOUDSDK|IDENTITY|MSI)_/;

/** What a confined process finds in its environment. */
export function confinementVariables(
  { cwd }: Pick<Launch, 'cwd'>,
  confinement: Confinement,
): Readonly<Record<string, string>> {
  const temporary = temporaryDirectory(cwd, confinement);
  return {
    TMPDIR: temporary,
    CLAUDE_CODE_TMPDIR: temporary,
    ...(confinement.sandbox
      ? {
          // Tools keep these in the home directory, which cannot be written to.
          XDG_CACHE_HOME: path.join(temporary, 'cache'),
          npm_config_cache: path.join(temporary, 'cache', 'npm'),
          // The user's own holds tokens and is hidden; npm does not bear to be refused it.
          npm_config_userconfig: path.join(temporary, 'npmrc'),
          // While a command runs, the sandbox puts devices into the workspace that git cannot add.
          GIT_CONFIG_COUNT: '1',
          GIT_CONFIG_KEY_0: 'core.excludesFile',
          GIT_CONFIG_VALUE_0: path.join(confinement.tempRoot, gitExcludesFile),
        }
      : {}),
  };
}

export const gitExcludes = `${placeholderPatterns.join('\n')}\n`;

/** Short: the path of a socket in it has to fit into some 100 bytes. */
function temporaryDirectory(cwd: string, { tempRoot }: Pick<Confinement, 'tempRoot'>): string {
  return path.join(tempRoot, createHash('sha256').update(cwd).digest('hex').slice(0, 8));
}

/** As patterns. */
function otherWorkspaces(cwd: string, { workspaceRoot }: Confinement): string[] {
  const isShared = cwd === workspaceRoot || isInside(workspaceRoot, cwd);
  return isShared ? othersInRoot.map((name) => path.join(asPattern(workspaceRoot), name)) : [];
}

function isInside(place: string, directory: string): boolean {
  return place.startsWith(directory.endsWith(path.sep) ? directory : directory + path.sep);
}

/** A path as a rule of Claude Code takes it. */
function asPattern(place: string): string {
  return place.replace(/[\\*?[\]{}()!]/g, '\\$&');
}
