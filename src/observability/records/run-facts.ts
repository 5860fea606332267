import type { UsageView } from '../../contract/index.ts';
import type { StopReason, TurnEvent, TurnSource } from '../../turn/index.ts';
import { cleanField } from './clean-field.ts';
import type { RunEvent } from './run-event.ts';
import { UsageByChoice } from './usage-view.ts';

const mostTools = 50;
const mostFiles = 100;
const mostOpenWrites = 200;

/** The field of its input that names the file which a tool of Claude Code writes. */
const writers: ReadonlyMap<string, string> = new Map([
  ['Write', 'file_path'],
  ['Edit', 'file_path'],
  ['MultiEdit', 'file_path'],
  ['NotebookEdit', 'notebook_path'],
]);

/** What is to be told of a run in short, from its events. */
export class RunFacts {
  firstTokenMs: number | undefined;
  source: TurnSource | undefined;
  answeringModel: string | undefined;
  stopReason: StopReason | undefined;
  error: { readonly code: string; readonly message: string } | undefined;
  readonly #usage = new UsageByChoice();
  readonly #tools = new Map<string, number>();
  readonly #written = new Set<string>();
  readonly #changed = new Set<string>();
  readonly #openWrites = new Map<string, string>();

  observe({ choice, event }: RunEvent, elapsedMs: number): void {
    switch (event.type) {
      case 'text.delta':
      case 'thinking.delta':
      case 'client-call.started':
        this.firstTokenMs ??= elapsedMs;
        break;
      case 'started':
        this.source ??= event.source;
        this.answeringModel ??= event.model;
        break;
      case 'tool.started':
        this.#count(event.server === undefined ? event.name : `${event.server}.${event.name}`);
        this.#beginWrite(event);
        break;
      case 'tool.done':
        this.#endWrite(event);
        break;
      case 'client-call.done':
        this.#count(event.name);
        break;
      case 'files':
        for (const { path } of event.changes) keep(this.#changed, path);
        break;
      case 'usage':
        this.#usage.observe(choice, event.usage);
        break;
      case 'done':
        this.stopReason ??= event.stopReason;
        this.#usage.observe(choice, event.usage);
        break;
      case 'error':
        this.error ??= event.error;
        this.#usage.observe(choice, event.usage);
        break;
      default:
    }
  }

  /** The sum over the answers; undefined where none has told any. */
  get usage(): UsageView | undefined {
    return this.#usage.isEmpty ? undefined : this.#usage.sum();
  }

  /** How often each tool was called. */
  get tools(): Record<string, number> {
    return Object.fromEntries(this.#tools);
  }

  /** What was changed in the workspace, relative to it; what the agent's own tools wrote elsewhere, as they named it. */
  get files(): string[] {
    const changed = [...this.#changed];
    const isTold = (path: string): boolean => changed.some((one) => path === one || path.endsWith(`/${one}`));
    return [...changed, ...[...this.#written].filter((path) => !isTold(path))].slice(0, mostFiles);
  }

  #count(name: string): void {
    const clean = cleanField(name, 200);
    const before = this.#tools.get(clean);
    if (before !== undefined || this.#tools.size < mostTools) this.#tools.set(clean, (before ?? 0) + 1);
  }

  #beginWrite({ name, server, input, callId }: Extract<TurnEvent, { type: 'tool.started' }>): void {
    const field = server === undefined ? writers.get(name) : undefined;
    const path = field === undefined ? undefined : input[field];
    if (typeof path === 'string' && this.#openWrites.size < mostOpenWrites)
      this.#openWrites.set(callId, path);
  }

  #endWrite({ callId, isError }: Extract<TurnEvent, { type: 'tool.done' }>): void {
    const path = this.#openWrites.get(callId);
    if (path === undefined) return;
    this.#openWrites.delete(callId);
    if (!isError) keep(this.#written, path);
  }
}

function keep(files: Set<string>, path: string): void {
  if (files.size < mostFiles) files.add(cleanField(path, 500));
}
