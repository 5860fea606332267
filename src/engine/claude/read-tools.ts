import type { SDKMessage } from '@anthropic-ai/claude-agent-sdk';
import { isJsonObject, type Json, type JsonObject, type TurnEvent } from '../../turn/index.ts';
import { structuredOutputTool } from './read-blocks.ts';
import type { RemoteTools } from './remote-tools.ts';

export interface ToolReaderOptions {
  readonly isClientTool: (name: string) => boolean;
  readonly remote: Pick<RemoteTools, 'find' | 'needsApproval'>;
  /** The built-in calls that run, name by id. Belongs to the process: one may outlast the turn that started it. */
  readonly runningTools: Map<string, string>;
}

/** Tells what the agent's built-in tools do, of the main agent and of its subagents. */
export class ToolReader {
  readonly #isClientTool: (name: string) => boolean;
  readonly #remote: ToolReaderOptions['remote'];
  readonly #running: Map<string, string>;
  readonly #structuredCalls = new Set<string>();
  #strayCalls: string[] = [];

  constructor({ isClientTool, remote, runningTools }: ToolReaderOptions) {
    this.#isClientTool = isClientTool;
    this.#remote = remote;
    this.#running = runningTools;
  }

  assistant(message: Extract<SDKMessage, { type: 'assistant' }>): TurnEvent[] {
    const parent = message.parent_tool_use_id;
    const events: TurnEvent[] = [];
    for (const block of message.message.content) {
      if (block.type !== 'tool_use') continue;
      if (block.name === structuredOutputTool) {
        this.#structuredCalls.add(block.id);
        continue;
      }
      if (this.#isClientTool(block.name)) {
        // The client is told of the main agent's calls only.
        if (parent !== null) this.#strayCalls.push(block.id);
        continue;
      }
      const input = isJsonObject(block.input) ? block.input : {};
      // It is not made now: the client is asked first.
      if (this.#remote.needsApproval(block.name, input)) continue;
      this.#running.set(block.id, block.name);
      events.push({
        type: 'tool.started',
        callId: block.id,
        ...this.#nameOf(block.name),
        input,
        ...(parent === null ? {} : { parentCallId: parent }),
      });
    }
    return events;
  }

  #nameOf(name: string): { readonly name: string; readonly server?: string } {
    const tool = this.#remote.find(name);
    return tool === undefined ? { name } : { name: tool.name, server: tool.server.label };
  }

  /** The call was not made; another turn makes it, if the client approves. */
  waits(callId: string): void {
    this.#running.delete(callId);
  }

  /** Calls of client tools by subagents since the last time; nobody will answer them. */
  takeStrayCalls(): readonly string[] {
    const calls = this.#strayCalls;
    this.#strayCalls = [];
    return calls;
  }

  user(message: Extract<SDKMessage, { type: 'user' }>): {
    readonly events: TurnEvent[];
    readonly structuredOutputRejected: boolean;
  } {
    const { content } = message.message;
    const events: TurnEvent[] = [];
    let structuredOutputRejected = false;
    if (typeof content === 'string') return { events, structuredOutputRejected };
    const parent = message.parent_tool_use_id;
    // The structured result does not say which of several results it belongs to.
    const single = content.filter((block) => block.type === 'tool_result').length === 1;
    for (const block of content) {
      if (block.type !== 'tool_result') continue;
      if (this.#structuredCalls.has(block.tool_use_id) && block.is_error === true)
        structuredOutputRejected = true;
      const name = this.#running.get(block.tool_use_id);
      if (name === undefined) continue;
      this.#running.delete(block.tool_use_id);
      const detail = single ? asJson(message.tool_use_result) : undefined;
      events.push({
        type: 'tool.done',
        callId: block.tool_use_id,
        ...this.#nameOf(name),
        isError: block.is_error === true,
        output: resultText(block.content),
        ...(detail === undefined ? {} : { detail }),
        ...(parent === null ? {} : { parentCallId: parent }),
      });
    }
    return { events, structuredOutputRejected };
  }
}

function resultText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .filter(isJsonObject)
    .map((block: JsonObject) =>
      typeof block['text'] === 'string' ? block['text'] : `[${String(block['type'])}]`,
    )
    .join('\n');
}

/** What came over the process's output is JSON by construction. */
function asJson(value: unknown): Json | undefined {
  return value === undefined ? undefined : (value as Json);
}
