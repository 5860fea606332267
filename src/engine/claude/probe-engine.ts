import { isDeepStrictEqual } from 'node:util';
import type { AccountInfo, ModelInfo } from '@anthropic-ai/claude-agent-sdk';
import { modelProfile } from '../../turn/index.ts';
import type { CredentialStatus, EngineModel } from '../engine.ts';
import type { TranscriptEntry, TranscriptStore } from '../ports.ts';
import type { ProcessEnvironment } from './build-options.ts';
import type { Launch } from './launch.ts';
import { LiveProcess } from './live-process.ts';
import { toAssistantInput, toUserInput } from './map-messages.ts';
import { TranscriptRecorder } from './record-transcript.ts';

export interface EngineFacts {
  readonly models: readonly EngineModel[];
  readonly credentials: CredentialStatus;
  readonly canInject: boolean;
}

/**
 * Starts one process and asks it what it offers and whose credentials it found, and proves that it takes messages of
 * the past over its input: they must stand in its transcript as they were given. No model is asked.
 * @throws if Claude Code cannot be started.
 */
export async function probeEngine(options: {
  readonly launch: Launch;
  readonly environment: ProcessEnvironment;
  readonly instance: string;
}): Promise<EngineFacts> {
  const mirror = new MirrorStore();
  const process = new LiveProcess({
    ...options,
    owner: 'probe',
    session: { systemPrompt: modelProfile.systemPrompt, system: '', tools: [], mcpServers: [] },
    recorder: new TranscriptRecorder(mirror, { owner: 'probe', inherited: [], synthesised: [] }),
    spare: undefined,
  });
  try {
    const { models, account } = await process.query.initializationResult();
    return {
      models: models.map(toEngineModel),
      credentials: credentialStatus(account),
      canInject: await takesInjection(process, mirror, options.launch.model),
    };
  } catch (error) {
    const said = process.stderrTail();
    throw new Error(`Claude Code did not start: ${said === '' ? String(error) : said}`, { cause: error });
  } finally {
    await process.end();
  }
}

async function takesInjection(process: LiveProcess, mirror: MirrorStore, model: string): Promise<boolean> {
  const call = {
    type: 'tool-call',
    callId: 'toolu_selftest',
    name: 'selftest',
    arguments: { a: 1 },
  } as const;
  const given = [
    toUserInput({ role: 'user', parts: [{ type: 'text', text: 'self-test' }] }, { query: false }),
    toAssistantInput({ role: 'assistant', parts: [call] }, model),
    toUserInput(
      {
        role: 'user',
        parts: [{ type: 'tool-result', callId: call.callId, content: [{ type: 'text', text: 'result' }] }],
      },
      { query: false },
    ),
  ];
  try {
    await withTimeout(process.inject(given), 10_000);
    return await mirror.shows(given.map(({ message }) => message['content' as keyof typeof message]));
  } catch {
    return false;
  }
}

async function withTimeout(work: Promise<void>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('Claude Code did not answer in time')), milliseconds);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Keeps the probe's transcript out of the database. */
class MirrorStore implements TranscriptStore {
  readonly #entries: TranscriptEntry[] = [];

  async createSession(): Promise<void> {}

  async appendEntries(_: string, entries: readonly TranscriptEntry[]): Promise<void> {
    this.#entries.push(...entries);
  }

  async loadEntries(): Promise<null> {
    return null;
  }

  async savePoint(): Promise<void> {}

  async findPoint(): Promise<null> {
    return null;
  }

  async deleteSessionsIdleSince(): Promise<number> {
    return 0;
  }

  /** Whether these contents have come, in this order; they trail the process by some 100 ms. */
  async shows(contents: readonly unknown[]): Promise<boolean> {
    for (let attempt = 0; attempt < 50; attempt++) {
      const seen = this.#entries
        .filter(({ type }) => type === 'user' || type === 'assistant')
        .map(({ message }) => (message as { content?: unknown } | undefined)?.content);
      if (seen.length >= contents.length) return isDeepStrictEqual(seen, [...contents]);
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
    return false;
  }
}

function toEngineModel(info: ModelInfo): EngineModel {
  return {
    id: info.value,
    resolvedId: info.resolvedModel ?? info.value,
    displayName: info.displayName,
    description: info.description,
    efforts: info.supportedEffortLevels ?? [],
    adaptiveThinking: info.supportsAdaptiveThinking ?? false,
  };
}

function credentialStatus({ apiKeySource, tokenSource, apiProvider }: AccountInfo): CredentialStatus {
  if (apiProvider !== undefined && apiProvider !== 'firstParty')
    return { state: 'present', source: apiProvider };
  const source = [apiKeySource, tokenSource].find((name) => name !== undefined && name !== 'none');
  return source === undefined ? { state: 'missing' } : { state: 'present', source };
}
