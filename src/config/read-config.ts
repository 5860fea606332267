import { resolve } from 'node:path';
import type { Config } from './config.ts';
import { ConfigError, type ConfigProblem } from './config-error.ts';
import { type DatabaseLocation, parseDatabaseLocation } from './database-location.ts';
import { defaultMaxProcesses } from './default-max-processes.ts';
import type { Environment } from './environment-schema.ts';
import { findContradictions } from './find-contradictions.ts';
import { isLoopback } from './loopback.ts';
import { parseEnvironment, type RawEnvironment, toProblem } from './parse-environment.ts';
import { currentSystem, type System } from './system.ts';

/**
 * The configuration that an environment asks for. Touches nothing: no file, no variable of this process.
 * @throws {ConfigError} with all problems at once, where values are not recognised or contradict each other.
 */
export function readConfig(env: RawEnvironment, system: System = currentSystem()): Config {
  const { values, problems } = parseEnvironment(env);
  const { database, problems: databaseProblems } = readDatabase(values, env, system);
  const config = buildConfig(values, database, system);
  const found = [...problems, ...databaseProblems];
  const wrong = new Set(found.map((problem) => problem.variable));
  // A contradiction with a value that is wrong anyway would only confuse.
  const contradictions = findContradictions(config)
    .filter(
      (contradiction) => ![contradiction.variable, ...contradiction.with].some((name) => wrong.has(name)),
    )
    .map(({ variable, message }) => toProblem(variable, message, env));
  const all = [...found, ...contradictions];
  if (all.length > 0) throw new ConfigError(all);
  return config;
}

function readDatabase(
  values: Environment,
  env: RawEnvironment,
  { cwd }: System,
): { readonly database: DatabaseLocation; readonly problems: readonly ConfigProblem[] } {
  const path = resolve(cwd, values.DATA_DIR, 'webui.sqlite');
  const byDefault: DatabaseLocation = { kind: 'sqlite', url: path, display: path };
  if (values.DATABASE_URL === undefined) return { database: byDefault, problems: [] };
  const location = parseDatabaseLocation(values.DATABASE_URL.trim(), cwd);
  return 'wrong' in location
    ? { database: byDefault, problems: [toProblem('DATABASE_URL', location.wrong, env)] }
    : { database: location, problems: [] };
}

function buildConfig(values: Environment, database: DatabaseLocation, system: System): Config {
  const maxProcesses = values.MAX_PROCESSES ?? defaultMaxProcesses(system);
  return {
    environment: values.NODE_ENV,
    server: {
      host: values.HOST,
      port: values.PORT,
      loopback: isLoopback(values.HOST),
      corsOrigins: values.CORS_ORIGIN,
      trustProxy: values.TRUST_PROXY,
      bodyLimitBytes: values.BODY_LIMIT_MB * megabyte,
      requestTimeoutMs: values.REQUEST_TIMEOUT_SECONDS * 1000,
      retryGraceMs: values.RETRY_GRACE_SECONDS * 1000,
      shutdownTimeoutMs: values.SHUTDOWN_TIMEOUT_SECONDS * 1000,
    },
    access: {
      apiKeyRequired: values.OPENAI_API_KEY_REQUIRED,
      sessionIdleMs: values.SESSION_IDLE_MINUTES * 60_000,
      twoFactorRequired: values.TWO_FACTOR_REQUIRED,
    },
    alerts: {
      ...(values.BUDGET_WEBHOOK_URL === undefined ? {} : { budgetWebhookUrl: values.BUDGET_WEBHOOK_URL }),
    },
    paths: {
      data: resolve(system.cwd, values.DATA_DIR),
      workspaces: resolve(system.cwd, values.WORKSPACE_ROOT),
      logs: resolve(system.cwd, values.LOG_DIR),
    },
    database: { kind: database.kind, location: database.display },
    transcripts: retention(values.TRANSCRIPT_RETENTION_DAYS),
    responses: {
      ...retention(values.RESPONSE_RETENTION_DAYS),
      // Half, so that requests with somebody waiting find a process.
      backgroundWorkers: values.BACKGROUND_WORKERS ?? Math.max(1, Math.floor(maxProcesses / 2)),
      agentItems: values.AGENT_ITEMS,
    },
    workspaces: {
      ...(values.WORKSPACE_MAX_MB === 0 ? {} : { maxBytes: values.WORKSPACE_MAX_MB * megabyte }),
      ...(values.WORKSPACE_MAX_FILES === 0 ? {} : { maxFiles: values.WORKSPACE_MAX_FILES }),
      ...retention(values.WORKSPACE_RETENTION_DAYS),
      commits: values.WORKSPACE_COMMITS,
    },
    files: {
      delivery: values.FILE_DELIVERY,
      inlineMaxBytes: values.INLINE_FILE_MAX_KB * 1024,
      inlineTotalMaxBytes: values.INLINE_TOTAL_MAX_KB * 1024,
      maxBytes: values.FILE_MAX_MB * megabyte,
      ...retention(values.FILE_RETENTION_DAYS),
    },
    log: { level: values.LOG_LEVEL },
    metricsAccess: values.METRICS_ACCESS,
    records: {
      detail: values.RECORD_DETAIL,
      detailMaxBytes: values.RECORD_BODY_MAX_KB * 1024,
      ...retention(values.RECORD_RETENTION_DAYS),
      ...(values.RECORD_MAX_MB === 0 ? {} : { maxBytes: values.RECORD_MAX_MB * megabyte }),
      publicLinks: values.PUBLIC_SHARE_LINKS,
    },
    models: {
      ...(values.DEFAULT_MODEL === undefined ? {} : { default: values.DEFAULT_MODEL }),
      ...(values.SMALL_MODEL === undefined ? {} : { small: values.SMALL_MODEL }),
      aliases: values.MODEL_ALIASES,
    },
    engine: {
      permissionMode: values.PERMISSION_MODE,
      sandbox: values.SANDBOX,
      approvals: values.APPROVALS,
      approvalsByKeys: values.APPROVALS_BY_KEYS,
      approvalTimeoutMs: values.APPROVAL_TIMEOUT_SECONDS * 1000,
      maxProcesses,
      warmSpares: values.WARM_SPARES ?? Math.min(2, maxProcesses),
      idleTtlMs: values.IDLE_TTL_SECONDS * 1000,
      queueLimit: values.QUEUE_LIMIT,
    },
    sideRequests: values.SIDE_REQUESTS,
    showToolActivity: values.SHOW_TOOL_ACTIVITY,
    secrets: {
      databaseUrl: database.url,
      ...(values.SESSION_SECRET === undefined ? {} : { sessionSecret: values.SESSION_SECRET }),
      webuiDefaultPassword: values.WEBUI_DEFAULT_PASSWORD,
      ...(values.BUDGET_WEBHOOK_SECRET === undefined
        ? {}
        : { budgetWebhookSecret: values.BUDGET_WEBHOOK_SECRET }),
    },
  };
}

const megabyte = 1024 * 1024;
const dayMs = 24 * 60 * 60 * 1000;

/** 0 days: for ever. */
function retention(days: number): { readonly retentionMs?: number } {
  return days === 0 ? {} : { retentionMs: days * dayMs };
}
