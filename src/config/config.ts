import type { Environment } from './environment-schema.ts';

/** How the server runs. Everything but `secrets` may be logged. Durations are in milliseconds, paths absolute. */
export interface Config {
  readonly environment: Environment['NODE_ENV'];
  readonly server: ServerConfig;
  readonly access: {
    readonly apiKeyRequired: boolean;
    /** A console session ends when nothing is asked for so long. */
    readonly sessionIdleMs: number;
    /** Who has to sign in to the console with a code, too. */
    readonly twoFactorRequired: Environment['TWO_FACTOR_REQUIRED'];
  };
  readonly alerts: {
    /** Is told when keys pass shares of their budgets; absent: nobody is. */
    readonly budgetWebhookUrl?: string;
  };
  readonly paths: PathsConfig;
  readonly workspaces: WorkspacesConfig;
  readonly database: {
    readonly kind: 'sqlite' | 'postgres';
    /** The file's path, or the server's URL without its password. */
    readonly location: string;
  };
  readonly transcripts: {
    /** Conversations idle for longer than this are forgotten; absent: never. */
    readonly retentionMs?: number;
  };
  readonly responses: {
    /** Stored responses and idle conversations of the API older than this are deleted; absent: never. */
    readonly retentionMs?: number;
    /** Most background responses that run at once. */
    readonly backgroundWorkers: number;
    /** When the agent's own work is told as items of a response. */
    readonly agentItems: Environment['AGENT_ITEMS'];
  };
  readonly log: { readonly level: Environment['LOG_LEVEL'] };
  /** Who may read `/metrics`. */
  readonly metricsAccess: Environment['METRICS_ACCESS'];
  readonly records: RecordsConfig;
  readonly files: FilesConfig;
  readonly models: ModelsConfig;
  readonly engine: EngineConfig;
  /** How titles, tags and the like that chat UIs ask for beside a conversation are served: by the small model, or as any other. */
  readonly sideRequests: Environment['SIDE_REQUESTS'];
  /** Built-in tool calls show in the answer's reasoning, one line each. */
  readonly showToolActivity: boolean;
  readonly secrets: Secrets;
}

interface ServerConfig {
  readonly host: string;
  readonly port: number;
  /** Only this machine can reach the server. */
  readonly loopback: boolean;
  readonly corsOrigins: '*' | readonly string[];
  /** Proxies whose word on the client's address and scheme counts. */
  readonly trustProxy: Environment['TRUST_PROXY'];
  readonly bodyLimitBytes: number;
  readonly requestTimeoutMs: number;
  /** How long a run waits for a client that may repeat its request; 0: not at all. */
  readonly retryGraceMs: number;
  readonly shutdownTimeoutMs: number;
}

interface FilesConfig {
  /** How files that the agent made reach the client of Chat Completions, where neither profile nor request says. */
  readonly delivery: Environment['FILE_DELIVERY'];
  /** Longer texts are linked to. */
  readonly inlineMaxBytes: number;
  readonly inlineTotalMaxBytes: number;
  /** Larger ones are neither taken nor kept. */
  readonly maxBytes: number;
  /** Kept files older than this are deleted; absent: never. */
  readonly retentionMs?: number;
}

interface WorkspacesConfig {
  /** Of each one; absent: no limit. */
  readonly maxBytes?: number;
  readonly maxFiles?: number;
  /** Workspaces of keys and conversations that nobody used for so long are deleted; absent: never. */
  readonly retentionMs?: number;
  /** A git history of each workspace, in the data directory, has a commit for each run that changed it. */
  readonly commits: boolean;
}

interface RecordsConfig {
  /** What is kept of bodies and of what the agent did. */
  readonly detail: Environment['RECORD_DETAIL'];
  /** Most that is kept of one request. */
  readonly detailMaxBytes: number;
  /** Records older than this are deleted; absent: never. */
  readonly retentionMs?: number;
  /** Of all bodies and timelines together, the oldest beyond this are deleted; absent: no limit. */
  readonly maxBytes?: number;
  /** Admins may make links to single requests that open without signing in. */
  readonly publicLinks: boolean;
}

interface PathsConfig {
  readonly data: string;
  readonly workspaces: string;
  readonly logs: string;
}

interface ModelsConfig {
  /** What answers where the client names a model that is neither Claude's nor an alias; absent: the engine decides. */
  readonly default?: string;
  /** For small tasks: Claude Code's own, side requests, and OpenAI's names of small models. */
  readonly small?: string;
  /** The client's name for a model to ours. */
  readonly aliases: Readonly<Record<string, string>>;
}

interface EngineConfig {
  readonly permissionMode: Environment['PERMISSION_MODE'];
  /** `auto`: where the system offers it. `required`: without it no agent runs. */
  readonly sandbox: Environment['SANDBOX'];
  /** Who is asked about calls that the permission mode does not let pass. */
  readonly approvals: Environment['APPROVALS'];
  /** An API key may answer for its own calls. */
  readonly approvalsByKeys: boolean;
  /** How long a tool call waits for somebody's approval before it is denied. */
  readonly approvalTimeoutMs: number;
  readonly maxProcesses: number;
  readonly warmSpares: number;
  readonly idleTtlMs: number;
  readonly queueLimit: number;
}

/** Never logged. */
interface Secrets {
  /** For `openDatabase`: an absolute path, or a postgres:// URL with its password. */
  readonly databaseUrl: string;
  /** Absent: a random one that is kept in the data directory. */
  readonly sessionSecret?: string;
  readonly webuiDefaultPassword: string;
  /** Absent: budget alerts are not signed. */
  readonly budgetWebhookSecret?: string;
}
