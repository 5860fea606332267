import { createHash } from 'node:crypto';
import type { FilesChanged, ToolDone, TurnEvent } from '../../../turn/index.ts';
import { within } from '../../within.ts';
import type { RunCheckpoint } from '../checkpoints/run-checkpoint.ts';
import { textBytes } from './content-cache.ts';
import { type DescribeLimits, describeChanges } from './describe-changes.ts';
import type { FileState, PathChange } from './file-state.ts';
import { locateFile } from './locate-file.ts';
import { RunLedger } from './run-ledger.ts';
import type { ScanThreads } from './scan-threads.ts';
import type { WatchedRun, WatchedWorkspace } from './watched-workspace.ts';
import { effectOf, readStructuredResult } from './writing-tools.ts';

/** A call of a tool by a run's agent, as the engine's hooks tell it. */
export interface ToolCall {
  readonly toolUseId: string;
  /** As Claude Code knows it. */
  readonly name: string;
  readonly input: unknown;
}

export interface RunChangesOptions {
  readonly workspaceId: string;
  /** Absolute, without links. */
  readonly root: string;
  /** Names at the top of it that are not of this workspace. */
  readonly hidden: RegExp | undefined;
  readonly threads: ScanThreads;
  readonly workspace: WatchedWorkspace;
  readonly limits: DescribeLimits;
  /** Most milliseconds that a call is held up by a look at the workspace. */
  readonly patience: number;
  /** Keeps files as they were before. */
  readonly checkpoint?: Pick<RunCheckpoint, 'keep' | 'end'> | undefined;
}

/**
 * Finds what one run does to its workspace. `before` and `after` are for the engine's hooks around each tool call, but for those
 * of client tools; `observe` is for every event of the turn. At the end of the run comes `finish`, or the disposal alone
 * where nobody wants to know. None of them throws.
 */
export class RunChanges implements WatchedRun, AsyncDisposable {
  readonly #options: RunChangesOptions;
  readonly #ledger = new RunLedger();
  /** Calls that hooks told of, and what is to be done when one is over. */
  readonly #endings = new Map<string, () => Promise<void>>();
  readonly #told = new Set<string>();
  readonly #ended = new Set<string>();
  readonly #over = new AbortController();
  /** What was begun by `observe`. */
  #observed: Promise<void> = Promise.resolve();
  #commanded = false;
  #certain = true;

  constructor(options: RunChangesOptions) {
    this.#options = options;
    options.workspace.join(this);
  }

  /** Before a tool runs. Waits for another run's command to end, for a bounded time. */
  async before({ toolUseId, name, input }: ToolCall): Promise<void> {
    if (this.#isOver || this.#told.has(toolUseId)) return;
    this.#told.add(toolUseId);
    this.#ended.delete(toolUseId);
    const effect = effectOf(name, input);
    switch (effect.kind) {
      case 'nothing':
        return;
      case 'file':
        await this.#options.checkpoint?.keep(effect.path);
        return this.#beginFile(toolUseId, effect.path);
      case 'command':
        return this.#beginCommand(toolUseId);
      default:
        effect satisfies never;
    }
  }

  /**
   * After a tool ran, failed or was declined; nothing happens the second time. A call that is to wait for somebody's leave
   * is over until it has it: then `before` comes again.
   */
  async after(toolUseId: string): Promise<void> {
    const ending = this.#endings.get(toolUseId);
    this.#endings.delete(toolUseId);
    this.#told.delete(toolUseId);
    this.#ended.add(toolUseId);
    await ending?.();
  }

  /** Ends calls whose end no hook told, and takes the results of those that no hook told of at all. */
  observe(event: TurnEvent): void {
    if (event.type !== 'tool.done' || this.#isOver) return;
    const isHooked = this.#told.has(event.callId) || this.#ended.has(event.callId);
    this.#observed = this.#observed.then(() =>
      isHooked ? this.after(event.callId) : this.#readResult(event).catch(() => this.lose()),
    );
  }

  /** Ends the run in its workspace; tells what it did, if it did anything. */
  async finish(): Promise<FilesChanged | undefined> {
    const { workspaceId, root, threads, workspace, limits } = this.#options;
    await this[Symbol.asyncDispose]();
    const net = this.#ledger.net();
    if (net.length === 0) return undefined;
    const { changes, omitted, overtaken } = await describeChanges(
      threads,
      workspace.thread,
      root,
      net,
      limits,
    );
    return { type: 'files', workspaceId, changes, omitted, certain: this.#certain && !overtaken };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isOver) return;
    this.#over.abort();
    const { workspace, checkpoint } = this.#options;
    await this.#observed;
    await Promise.all([...this.#endings.keys()].map((id) => this.after(id)));
    // Something that a command left running may have written since.
    if (this.#commanded) await this.#patiently(workspace.look());
    await checkpoint?.end((path) => this.#ledger.stateOf(path));
    workspace.leave(this);
  }

  record(change: PathChange, certain: boolean): void {
    this.#ledger.add(change);
    this.#certain &&= certain;
  }

  lose(): void {
    this.#certain = false;
  }

  get #isOver(): boolean {
    return this.#over.signal.aborted;
  }

  async #beginFile(id: string, named: string): Promise<void> {
    const { root, hidden, workspace } = this.#options;
    const path = await locateFile(root, named, hidden);
    if (path === undefined) return;
    const claim = workspace.claim(path);
    try {
      const before = await this.#read(path);
      this.#onEnd(id, async () => {
        try {
          const after = await this.#read(path);
          claim.settle(after);
          this.#ledger.add({ path, ...(before && { before }), ...(after && { after }) });
        } catch {
          claim.withdraw();
          this.lose();
        }
      });
    } catch {
      claim.withdraw();
      this.lose();
    }
  }

  async #beginCommand(id: string): Promise<void> {
    const { workspace } = this.#options;
    await workspace.gate.enter(this, this.#over.signal);
    if (this.#isOver || this.#ended.has(id)) return workspace.gate.leave(this);
    await this.#patiently(workspace.beforeCommand(this));
    workspace.commandStarted(this);
    this.#commanded = true;
    this.#onEnd(id, () =>
      this.#patiently(workspace.afterCommand(this).finally(() => workspace.gate.leave(this))),
    );
  }

  /** The call may be over by now, or the run. */
  #onEnd(id: string, ending: () => Promise<void>): void {
    if (this.#ended.has(id) || this.#isOver) this.#observed = this.#observed.then(ending);
    else this.#endings.set(id, ending);
  }

  async #readResult(event: ToolDone): Promise<void> {
    const { root, hidden, workspace } = this.#options;
    if (event.server !== undefined || effectOf(event.name, undefined).kind === 'command') {
      this.#commanded = true;
      workspace.commandSeen(this);
      return;
    }
    const written = event.isError ? undefined : readStructuredResult(event.name, event.detail);
    const path = written && (await locateFile(root, written.path, hidden));
    if (written === undefined || path === undefined) return;
    const after = await this.#read(path);
    workspace.claim(path).settle(after);
    const before = stateFromText(written.textBefore);
    this.#ledger.add({ path, ...(before && { before }), ...(after && { after }) });
  }

  async #read(path: string): Promise<FileState | undefined> {
    const { threads, workspace, root, limits } = this.#options;
    const request = { op: 'read', root, paths: [path] } as const;
    const [state] = await threads.ask(workspace.thread, {
      ...request,
      limits: { textBytes, hashBytes: limits.contentBytes },
    });
    return state;
  }

  async #patiently(work: Promise<void>): Promise<void> {
    const done = await within(
      this.#options.patience,
      work.then(() => true),
    );
    if (done === undefined) this.lose();
  }
}

/** A state of which only the text is known; null: there was no file; undefined: nothing is known of what it held. */
function stateFromText(text: string | null | undefined): FileState | undefined {
  if (text === null) return undefined;
  const stamp = { ino: 0, size: -1, mtimeMs: 0, ctimeMs: 0, birthtimeMs: 0 };
  if (text === undefined) return { stamp };
  const sha256 = createHash('sha256').update(text).digest('hex');
  return {
    stamp: { ...stamp, size: Buffer.byteLength(text) },
    content: { sha256, isText: true, text },
  };
}
