import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../engine/index.ts';
import {
  createModelDirectory,
  type ModelDirectory,
  type ModelDirectoryOptions,
  type OfferedModel,
  type ProfileSet,
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

/**
 * The model directory of the moment: what the engine offers (one that starts is waited for), the operator's names and
 * the profiles. Both are asked for each time, and give the same object as long as nothing has changed.
 */
export function currentModels(
  engine: Pick<Engine, 'models' | 'started'>,
  currentNames: () => ModelNames,
  currentProfiles: () => Promise<ProfileSet>,
): () => Promise<ModelDirectory> {
  let known: readonly unknown[] = [];
  let directory: ModelDirectory | undefined;
  return async () => {
    const [profiles] = await Promise.all([currentProfiles(), withinLimit(engine.started())]);
    const names = currentNames();
    const offered = engine.models();
    const now = [offered, names, profiles];
    if (directory !== undefined && now.every((part, index) => part === known[index])) return directory;
    known = now;
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
