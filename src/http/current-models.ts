import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../engine/index.ts';
import {
  createModelDirectory,
  type ModelDirectory,
  type ModelDirectoryOptions,
  type OfferedModel,
} from '../openai/index.ts';

export interface ModelNames extends Pick<ModelDirectoryOptions, 'aliases'> {
  readonly default?: string | undefined;
  readonly small?: string | undefined;
}

/** A start takes about a second; a request that comes in the middle of it waits so long at most. */
const startLimitMs = 10_000;

/**
 * What Claude Code always knows, for an engine that has told nothing (its start failed): a turn on it then says
 * what is wrong, better than that there is no such model.
 */
const alwaysKnown: readonly OfferedModel[] = ['default', 'opus', 'sonnet', 'haiku'].map((id) => ({
  id,
  resolvedId: id,
  adaptiveThinking: true,
}));

/** The model directory as the engine offers it; waits for an engine that starts. */
export function currentModels(
  engine: Pick<Engine, 'models' | 'started'>,
  names: ModelNames,
  profiles: readonly string[],
): () => Promise<ModelDirectory> {
  let engineModels: readonly OfferedModel[] | undefined;
  let directory: ModelDirectory | undefined;
  return async () => {
    await withinLimit(engine.started());
    const offered = engine.models();
    if (directory !== undefined && offered === engineModels) return directory;
    engineModels = offered;
    directory = createModelDirectory({
      defaultModel: names.default,
      smallModel: names.small,
      aliases: names.aliases,
      engineModels: offered.length === 0 ? alwaysKnown : offered,
      profiles,
    });
    return directory;
  };
}

async function withinLimit(started: Promise<void>): Promise<void> {
  const answered = new AbortController();
  const limit = sleep(startLimitMs, undefined, { signal: answered.signal }).catch(() => {});
  await Promise.race([started, limit]);
  answered.abort();
}
