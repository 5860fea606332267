import { type Options, query, type SpawnOptions } from '@anthropic-ai/claude-agent-sdk';
import { launchOptions, type ProcessEnvironment } from './build-options.ts';
import type { Launch } from './launch.ts';
import type { SessionNotes } from './session-notes.ts';
import { type OwnedProcess, spawnProcess } from './spawn-process.ts';

/** Never written to: with it, the SDK asks for a process that mirrors its transcript. */
const anyStore = { append: async () => {}, load: async () => null };

class Captured extends Error {}

/**
 * The command line and environment that the SDK would spawn for this launch. The SDK keeps them to itself, so we
 * let it get as far as spawning and stop it there; nothing has been started by then.
 */
export function captureSpawn(launch: Launch, environment: ProcessEnvironment): SpawnOptions {
  let captured: SpawnOptions | undefined;
  const options: Options = {
    ...launchOptions(launch, environment),
    sessionStore: anyStore,
    spawnClaudeCodeProcess: (spawnOptions) => {
      captured = spawnOptions;
      throw new Captured();
    },
  };
  try {
    query({ prompt: nothing(), options });
  } catch (error) {
    if (!(error instanceof Captured)) throw error;
  }
  if (captured === undefined) throw new Error('The Agent SDK did not ask for a process');
  return captured;
}

/**
 * A process that has loaded everything and waits for its first message. That message carries system prompt, tools
 * and output schema, so one spare fits every session of its launch.
 */
export function startSpare(spawnOptions: SpawnOptions, instance: string, notes?: SessionNotes): OwnedProcess {
  return spawnProcess(spawnOptions, instance, notes);
}

/** Whether the spare was started just as the SDK now asks (the schema also travels in the first message). */
export function spareFits(spare: OwnedProcess, asked: SpawnOptions): boolean {
  const wanted = asked.args.filter((arg) => !arg.startsWith('--json-schema'));
  return wanted.length === spare.args.length && wanted.every((arg, index) => arg === spare.args[index]);
}

async function* nothing(): AsyncGenerator<never> {}
