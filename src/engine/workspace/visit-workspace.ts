import type { Fingerprint, Turn } from '../../turn/index.ts';
import type { ConversationWorkspaceStore } from '../ports.ts';
import type { TrackedWorkspace } from './changes/change-tracker.ts';
import { marksOf } from './conversation-workspace.ts';
import type { WorkspaceKeeper, WorkspaceStay } from './policy/workspace-keeper.ts';
import { isConversationWorkspace, type WorkspacePlace } from './workspace-names.ts';
import type { Workspaces } from './workspaces.ts';

export interface VisitOptions {
  readonly workspaces: Workspaces;
  readonly keeper: WorkspaceKeeper;
  readonly conversations: Pick<ConversationWorkspaceStore, 'save'>;
  /** Told of what goes wrong beside a turn. */
  readonly report: (message: string, error: unknown) => void;
}

/**
 * A turn in the directory where its agent works. The directory is there until `leave`.
 * @throws TurnError `workspace_full`, where an agent with tools is to work there.
 */
export async function visitWorkspace(turn: Turn, options: VisitOptions): Promise<WorkspaceVisit> {
  const { workspaces, keeper } = options;
  const place = await workspaces.placeOf(turn);
  if (place === undefined) return new WorkspaceVisit(turn, await workspaces.prepare(undefined), options);
  const stay = await keeper.enter(place, turn.profile.builtInTools === 'none' ? undefined : 0);
  return new WorkspaceVisit(turn, stay.workspace.root, options, { place, stay });
}

interface Stayed {
  readonly place: WorkspacePlace;
  readonly stay: WorkspaceStay;
}

export class WorkspaceVisit {
  /** Absolute, symbolic links resolved. */
  readonly cwd: string;
  /** The agent may have changed something. */
  changed = false;
  readonly #turn: Turn;
  readonly #options: VisitOptions;
  readonly #stayed: Stayed | undefined;

  constructor(turn: Turn, cwd: string, options: VisitOptions, stayed?: Stayed) {
    this.cwd = cwd;
    this.#turn = turn;
    this.#options = options;
    this.#stayed = stayed;
  }

  /** Undefined where the turn has none, or its agent no tool to change it. */
  get workspace(): TrackedWorkspace | undefined {
    return this.#turn.profile.builtInTools === 'none' ? undefined : this.#stayed?.stay.workspace;
  }

  /** Has the conversation, as it is after the turn, go on in the same workspace, if it has one of its own. Throws nothing. */
  async remember(conversation: Fingerprint): Promise<void> {
    const workspaceId = this.#stayed?.place.workspaceId;
    if (workspaceId === undefined || !isConversationWorkspace(workspaceId)) return;
    const { conversations, report } = this.#options;
    const marks = marksOf(this.#turn, conversation);
    await conversations
      .save(this.#turn.owner, marks, workspaceId)
      .catch((error: unknown) => report('The workspace of a conversation will not be found again', error));
  }

  /** After the run. Resolves when nothing is left to be done; throws nothing. */
  async leave(): Promise<void> {
    if (this.#stayed === undefined) return;
    const { place, stay } = this.#stayed;
    const { keeper, report } = this.#options;
    const noted = this.changed ? keeper.noteRun(place, stay.workspace, this.#turn) : undefined;
    // Whoever has the answer may delete the workspace: what is only noted of the run keeps nobody from it.
    stay[Symbol.dispose]();
    await noted?.catch((error: unknown) => report('The commit of a run failed', error));
  }
}
