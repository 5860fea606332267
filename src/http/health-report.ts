import type { Engine, EngineStatus } from '../engine/index.ts';

export interface HealthSources {
  readonly engine: Pick<Engine, 'status'>;
  /** Rejects where the database does not answer. */
  readonly pingDatabase: () => Promise<void>;
  readonly isShuttingDown: () => boolean;
  readonly version: string;
}

interface HealthProblem {
  readonly code:
    | 'shutting_down'
    | 'engine_starting'
    | 'engine_failed'
    | 'engine_closed'
    | 'credentials_missing'
    | 'database_unreachable';
  readonly message: string;
}

export interface HealthReport {
  readonly engine: EngineStatus;
  readonly database: 'ok' | 'unreachable';
  /** Why new requests cannot be answered now. */
  readonly problems: readonly HealthProblem[];
}

const databaseLimitMs = 2_000;

/** Looks at what is there; never runs a model. */
export async function reportHealth(sources: HealthSources): Promise<HealthReport> {
  const engine = sources.engine.status();
  const database = await answers(sources.pingDatabase);
  const problems: HealthProblem[] = [];
  if (sources.isShuttingDown())
    problems.push({ code: 'shutting_down', message: 'The server is shutting down.' });
  const engineProblem = findEngineProblem(engine);
  if (engineProblem) problems.push(engineProblem);
  if (engine.credentials.state === 'missing') {
    problems.push({ code: 'credentials_missing', message: howToSupplyCredentials.join(' ') });
  }
  if (!database) {
    problems.push({
      code: 'database_unreachable',
      message: 'The database does not answer. Check DATABASE_URL and that the database runs.',
    });
  }
  return { engine, database: database ? 'ok' : 'unreachable', problems };
}

/** One sentence each. */
export const howToSupplyCredentials: readonly string[] = [
  'Claude Code has no credentials on this machine.',
  'Set ANTHROPIC_API_KEY;',
  'or CLAUDE_CODE_USE_BEDROCK=1, CLAUDE_CODE_USE_VERTEX=1 or CLAUDE_CODE_USE_FOUNDRY=1 with the credentials of that cloud;',
  'or, for personal use on your own machine only, run `claude` and log in.',
  'A login is found within a minute, variables after a restart of the server.',
];

function findEngineProblem(engine: EngineStatus): HealthProblem | null {
  switch (engine.state) {
    case 'ready':
      return null;
    case 'starting':
      return { code: 'engine_starting', message: 'The engine is starting.' };
    case 'failed':
      return {
        code: 'engine_failed',
        message: `The engine failed: ${engine.failure ?? 'no reason is known'}`,
      };
    case 'closed':
      return { code: 'engine_closed', message: 'The engine has been closed.' };
  }
}

async function answers(ping: () => Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, databaseLimitMs, false);
  });
  try {
    return await Promise.race([
      ping().then(
        () => true,
        () => false,
      ),
      limit,
    ]);
  } finally {
    clearTimeout(timer);
  }
}
