import type { CanUseTool, PermissionResult } from '@anthropic-ai/claude-agent-sdk';
import {
  type ApprovalQuestion,
  type ApprovalVerdict,
  type Approver,
  agentServer,
  isSameCall,
  type JsonObject,
  type McpCall,
  type TurnEvent,
} from '../../turn/index.ts';
import type { RunChanges } from '../workspace/changes/run-changes.ts';
import { grantScope } from './grant-scope.ts';
import { toolDenied } from './read-notices.ts';
import type { RemoteTools } from './remote-tools.ts';

/** What becomes of a turn's calls that the permission mode does not let pass. */
export type AskTreatment =
  /** Somebody at this server is asked, and the call waits. */
  | {
      readonly kind: 'here';
      readonly approver: Approver;
      readonly asker: Pick<ApprovalQuestion, 'recordId' | 'turnId' | 'owner'>;
    }
  /** The client is asked, and the turn ends. */
  | { readonly kind: 'client'; readonly approved: readonly McpCall[] }
  | { readonly kind: 'deny'; readonly message: string };

export interface PermissionDeskOptions {
  readonly remote: Pick<RemoteTools, 'find' | 'needsApproval'>;
  /** Of the turn that is under way. */
  readonly changes: () => Pick<RunChanges, 'before' | 'after'> | undefined;
  /** Ends what the process does; its conversation can go on from there. */
  readonly interrupt: () => void;
}

/** A call that Claude Code holds until it is answered. */
interface Held {
  readonly callId: string;
  readonly name: string;
  readonly input: JsonObject;
  readonly scope: readonly string[];
  readonly settle: (result: PermissionResult) => void;
}

/** One turn's part of it. */
interface TurnDesk {
  readonly treatment: AskTreatment;
  readonly over: AbortController;
  /** What was allowed for the whole run. */
  readonly granted: Set<string>;
  /** Questions that are open, by call. */
  readonly open: Map<string, { readonly approvalId: string; readonly name: string }>;
  /** For the client, once the message that makes them is whole. */
  readonly forClient: Held[];
}

/**
 * Answers the engine's question before a call that its permission mode does not let pass. Between turns a call waits for the
 * next one. What happens is told as turn events; `told` resolves when there are some.
 */
export class PermissionDesk {
  readonly #options: PermissionDeskOptions;
  readonly #held = new Map<string, Held>();
  #turn: TurnDesk | undefined;
  #events: TurnEvent[] = [];
  #wake: () => void = () => {};

  constructor(options: PermissionDeskOptions) {
    this.#options = options;
  }

  readonly decide: CanUseTool = (name, given, asked) => {
    const input = given as JsonObject;
    const { remote } = this.#options;
    // Of the servers in this process there is one, with the client's tools.
    if (asked.mcpServer?.source === 'sdk') return Promise.resolve({ behavior: 'allow', updatedInput: input });
    if (remote.find(name) !== undefined)
      return remote.needsApproval(name, input)
        ? // The turn ends with it, and its process.
          new Promise(() => {})
        : Promise.resolve({ behavior: 'allow', updatedInput: input });
    return new Promise((resolve) => {
      const callId = asked.toolUseID;
      const settle = (result: PermissionResult): void => {
        this.#held.delete(callId);
        resolve(result);
      };
      const held: Held = { callId, name, input, scope: grantScope(name, input, asked), settle };
      this.#held.set(callId, held);
      asked.signal.addEventListener('abort', () => settle({ behavior: 'deny', message: 'It was given up.' }));
      if (this.#turn !== undefined) this.#take(held, this.#turn);
    });
  };

  /** A turn begins; calls that wait since the one before are its own now. */
  begin(treatment: AskTreatment): void {
    const turn: TurnDesk = {
      treatment,
      over: new AbortController(),
      granted: new Set(),
      open: new Map(),
      forClient: [],
    };
    this.#turn = turn;
    this.#events = [];
    for (const held of this.#held.values()) this.#take(held, turn);
  }

  /** The turn is over: its questions are taken back. Returns what is left to tell. */
  end(): TurnEvent[] {
    const turn = this.#turn;
    if (turn === undefined) return [];
    this.#turn = undefined;
    turn.over.abort();
    const withdrawn = [...turn.open].map(
      ([callId, { approvalId, name }]): TurnEvent => ({
        type: 'approval.answered',
        ...{ approvalId, callId, name, outcome: 'withdrawn', by: null },
      }),
    );
    return [...this.take(), ...withdrawn];
  }

  /** The events since the last time. */
  take(): TurnEvent[] {
    return this.#events.splice(0);
  }

  /** Resolves with the next event; to be asked for anew after `take`. */
  told(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      if (this.#events.length > 0) resolve();
    });
  }

  /** The message that made the calls is whole: the client is asked about those that wait for it. */
  askClient(): void {
    const asked = this.#turn?.forClient.splice(0) ?? [];
    if (asked.length === 0) return;
    for (const { callId, name, input } of asked)
      this.#tell({ type: 'approval.requested', callId, server: agentServer, name, arguments: input });
    this.#options.interrupt();
  }

  #take(held: Held, turn: TurnDesk): void {
    const { treatment } = turn;
    switch (treatment.kind) {
      case 'deny':
        this.#deny(held, treatment.message);
        return;
      case 'client': {
        const call = { server: agentServer, name: held.name, arguments: held.input };
        if (treatment.approved.some((one) => isSameCall(one, call))) allow(held);
        else {
          turn.forClient.push(held);
          this.#wake();
        }
        return;
      }
      case 'here':
        void this.#askHere(held, turn, treatment);
        return;
      default:
        treatment satisfies never;
    }
  }

  async #askHere(
    held: Held,
    turn: TurnDesk,
    { approver, asker }: Extract<AskTreatment, { kind: 'here' }>,
  ): Promise<void> {
    if (isGranted(held, turn)) return allow(held);
    const { callId, name, input } = held;
    const changes = this.#options.changes();
    // What others do meanwhile is not this call's doing.
    await changes?.after(callId);
    if (turn.over.signal.aborted) return;
    const {
      id: approvalId,
      expiresAt,
      answer,
    } = approver.ask({ ...asker, callId, name, input }, turn.over.signal);
    turn.open.set(callId, { approvalId, name });
    this.#tell({ type: 'approval.asked', approvalId, callId, name, input, expiresAt });
    const verdict = await answer;
    if (turn.over.signal.aborted) return;
    turn.open.delete(callId);
    const { outcome, by } = verdict;
    this.#tell({ type: 'approval.answered', approvalId, callId, name, outcome, by });
    if (outcome !== 'allow' && outcome !== 'allow_for_run') return this.#deny(held, denialOf(verdict));
    if (outcome === 'allow_for_run') for (const one of held.scope) turn.granted.add(one);
    await changes?.before({ toolUseId: callId, name, input });
    allow(held);
  }

  #deny(held: Held, message: string): void {
    this.#tell(toolDenied({ name: held.name, message }));
    held.settle({ behavior: 'deny', message });
  }

  #tell(event: TurnEvent): void {
    this.#events.push(event);
    this.#wake();
  }
}

function allow(held: Held): void {
  held.settle({ behavior: 'allow', updatedInput: { ...held.input } });
}

function isGranted({ scope }: Held, { granted }: TurnDesk): boolean {
  return scope.every((one) => granted.has(one));
}

/** For the agent, which tells the user. */
function denialOf({ outcome, message }: ApprovalVerdict): string {
  if (outcome !== 'deny')
    return 'Nobody answered the question whether this may be done, so it was not. Do not try it again; go on without, and say what is missing.';
  const reason = message === undefined || message === '' ? '' : ` They said: ${message}`;
  return `An administrator of this server declined this. Do not try it again in another way.${reason}`;
}
