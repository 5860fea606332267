import path from 'node:path';
import type { EngineWorkspaceBrowser, EngineWorkspaces } from '../engine.ts';
import type { ConversationWorkspaceStore } from '../ports.ts';
import { WorkspaceBrowser } from './browse-workspaces.ts';
import { ChangeTracker } from './changes/change-tracker.ts';
import { Checkpoints } from './checkpoints/checkpoints.ts';
import type { WorkspaceQuota } from './policy/check-quota.ts';
import { WorkspaceKeeper } from './policy/workspace-keeper.ts';
import { SkillPlugins } from './skill-plugins.ts';
import { WorkspaceStore } from './workspace-store.ts';
import { Workspaces } from './workspaces.ts';

export interface OpenWorkspacesOptions {
  /** Absolute. */
  readonly dataDir: string;
  /** Absolute. */
  readonly workspaceRoot: string;
  readonly conversationWorkspaces: ConversationWorkspaceStore;
  /** As it is now. */
  readonly quota: () => WorkspaceQuota;
  /** Most bytes of a file of which a run's changes tell the content; absent: 256 MiB. */
  readonly maxFileBytes: number | undefined;
  /** Where Git is found; absent: no run is a commit. */
  readonly commits: { readonly searchPath: string } | undefined;
  /** Told of each directory that is gone. */
  readonly onRemoved: (root: string) => void;
}

/** All that has to do with where agents work. */
export interface OpenWorkspaces {
  readonly workspaces: Workspaces;
  readonly tracker: ChangeTracker;
  readonly keeper: WorkspaceKeeper;
  readonly checkpoints: Checkpoints;
  readonly skillPlugins: SkillPlugins;
  readonly store: EngineWorkspaces;
  readonly browser: EngineWorkspaceBrowser;
}

/** The tracker is to be disposed of. */
export function openWorkspaces(options: OpenWorkspacesOptions): OpenWorkspaces {
  const { workspaceRoot, conversationWorkspaces: conversations, maxFileBytes } = options;
  const inData = (name: string): string => path.join(options.dataDir, 'engine', name);
  const workspaces = new Workspaces({ root: workspaceRoot, emptyDir: inData('empty'), conversations });
  const tracker = new ChangeTracker(maxFileBytes === undefined ? {} : { contentBytes: maxFileBytes });
  const { quota, onRemoved, commits } = options;
  const stateDir = inData('workspaces');
  const keeper = new WorkspaceKeeper({
    ...{ workspaces, tracker, conversations, stateDir, quota, onRemoved, commits },
  });
  return {
    workspaces,
    tracker,
    keeper,
    checkpoints: new Checkpoints(inData('checkpoints')),
    skillPlugins: new SkillPlugins(inData('skills')),
    store: new WorkspaceStore(workspaces, tracker, keeper),
    browser: new WorkspaceBrowser({
      root: workspaceRoot,
      tracker,
      lastUsed: (name) => keeper.lastUsed(name),
      alone: (name, work) => keeper.takeAway(name, work),
    }),
  };
}
