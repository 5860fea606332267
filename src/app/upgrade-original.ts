import { createKeyHash, createPasswordHasher } from '../access/index.ts';
import {
  type Config,
  ConfigError,
  isGiven,
  publicPassword,
  readConfig,
  type StartEnvironment,
} from '../config/index.ts';
import { completePastRecord } from '../observability/index.ts';
import { type FileUpgrade, type OriginalUpgrade, upgradeOriginal } from '../storage/index.ts';

export interface UpgradeParts {
  readonly start: StartEnvironment;
  readonly config: Config;
  /** The server's: what keys are hashed with. */
  readonly secret: string;
  /** Told what is done, in one line each. */
  readonly tell: (line: string) => void;
}

/** For `openDatabase`: how a database of the original project is upgraded, should it be one. */
export function originalUpgrade({ start, config, secret, tell }: UpgradeParts): FileUpgrade {
  const hasher = createPasswordHasher();
  const { detail: level, detailMaxBytes: maxBytes } = config.records;
  return upgradeOriginal({
    hashKey: createKeyHash(secret),
    async renewPassword(hash) {
      if (hasher.kindOf(hash) === undefined) return null;
      if (!(await hasher.verify(publicPassword, hash))) return { hash, mustChange: false };
      // Everybody knows it. Beyond this machine the server does not start where this one is the same.
      return { hash: await hasher.hash(config.secrets.webuiDefaultPassword), mustChange: true };
    },
    completeRecord: (record, bodies) => completePastRecord(record, bodies, { level, maxBytes }),
    chooseSettings: (found) => chooseSettings(found, start, config),
    tell,
  });
}

/** The original's names, and ours. */
const renamed = [
  ['requireOpenAiKey', 'OPENAI_API_KEY_REQUIRED'],
  ['logLevel', 'LOG_LEVEL'],
  ['corsOrigin', 'CORS_ORIGIN'],
] as const;

function chooseSettings(
  { configuration, oldestRequestAt }: Parameters<OriginalUpgrade['chooseSettings']>[0],
  start: StartEnvironment,
  { records }: Config,
): ReturnType<OriginalUpgrade['chooseSettings']> {
  const settings: Record<string, string> = {};
  const remarks: string[] = [];
  for (const [original, name] of renamed) {
    const value = configuration.get(original);
    if (value === undefined) continue;
    if (isGiven(start, name)) remarks.push(`${name} is as the environment has it`);
    else if (fits(start, { ...settings, [name]: value })) settings[name] = value;
    else remarks.push(`${original} does not fit here and was left out`);
  }
  const { retentionMs } = records;
  if (oldestRequestAt !== null && retentionMs !== undefined && oldestRequestAt < Date.now() - retentionMs) {
    const name = 'RECORD_RETENTION_DAYS';
    if (isGiven(start, name)) remarks.push(`records older than ${name} of the environment are deleted soon`);
    // The original deleted none.
    else settings[name] = '0';
  }
  return { settings, remarks };
}

function fits({ variables, system }: StartEnvironment, settings: Readonly<Record<string, string>>): boolean {
  try {
    readConfig({ ...variables, ...settings }, system);
    return true;
  } catch (error) {
    if (error instanceof ConfigError) return false;
    throw error;
  }
}
