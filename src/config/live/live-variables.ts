import type { SettingValue } from '../../contract/index.ts';
import type { Config } from '../config.ts';
import type { VariableName } from '../environment-schema.ts';

/** A variable whose value can change while the server runs. */
export interface LiveVariable {
  readonly name: VariableName;
  readonly group: 'Access' | 'Models' | 'Agent' | 'Files' | 'Processes' | 'Records' | 'Logs' | 'Data';
  readonly description: string;
  /** The value in force. */
  readonly read: (config: Config) => SettingValue;
}

const dayMs = 24 * 60 * 60 * 1000;
const megabyte = 1024 * 1024;
const days = (ms: number | undefined): number => (ms === undefined ? 0 : ms / dayMs);
const seconds = (ms: number): number => ms / 1000;

/** In the order in which they are shown. */
export const liveVariables: readonly LiveVariable[] = [
  {
    name: 'OPENAI_API_KEY_REQUIRED',
    group: 'Access',
    description:
      'Require an API key on /v1. Without, requests that bring none run as the local owner, and web pages of other origins are refused.',
    read: ({ access }) => access.apiKeyRequired,
  },
  {
    name: 'CORS_ORIGIN',
    group: 'Access',
    description: 'Origins that browsers may call /v1 from: * or a list.',
    read: ({ server }) => (server.corsOrigins === '*' ? '*' : [...server.corsOrigins]),
  },
  {
    name: 'TWO_FACTOR_REQUIRED',
    group: 'Access',
    description:
      'Who has to sign in to the console with a code of an authenticator app, too. Who has none yet sets it up right after the sign-in.',
    read: ({ access }) => access.twoFactorRequired,
  },
  {
    name: 'METRICS_ACCESS',
    group: 'Access',
    description: 'Who may read /metrics: nobody, this machine, whoever has an API key, or everybody.',
    read: ({ metricsAccess }) => metricsAccess,
  },
  {
    name: 'BUDGET_WEBHOOK_URL',
    group: 'Access',
    description:
      'Address that is called when a key has spent 50, 80 and 100 % of its budget, or its soft budget. Not set: nobody is told.',
    read: ({ alerts }) => alerts.budgetWebhookUrl ?? null,
  },
  {
    name: 'DEFAULT_MODEL',
    group: 'Models',
    description:
      'Claude model for names that are neither Claude’s nor an alias. Not set: Claude Code decides.',
    read: ({ models }) => models.default ?? null,
  },
  {
    name: 'SMALL_MODEL',
    group: 'Models',
    description:
      'Claude model for small tasks: Claude Code’s own, side requests, and names such as gpt-5-mini. Not set: Claude Code decides.',
    read: ({ models }) => models.small ?? null,
  },
  {
    name: 'SIDE_REQUESTS',
    group: 'Models',
    description:
      'How titles, tags, follow-ups and the like, which chat UIs ask for beside a conversation, are served: by the small model without tools or a workspace, or as any other request.',
    read: ({ sideRequests }) => sideRequests,
  },
  {
    name: 'MODEL_ALIASES',
    group: 'Models',
    description: 'More model names for clients, and what they stand for.',
    read: ({ models }) => models.aliases,
  },
  {
    name: 'PERMISSION_MODE',
    group: 'Agent',
    description: 'What the agent may do unasked, where neither key nor profile says otherwise.',
    read: ({ engine }) => engine.permissionMode,
  },
  {
    name: 'SHOW_TOOL_ACTIVITY',
    group: 'Agent',
    description: 'Show the agent’s tool calls in the answer’s reasoning, one line each.',
    read: ({ showToolActivity }) => showToolActivity,
  },
  {
    name: 'AGENT_ITEMS',
    group: 'Agent',
    description:
      'Tell the agent’s own work as items of a response: never, always, or where the request asks for it.',
    read: ({ responses }) => responses.agentItems,
  },
  {
    name: 'APPROVALS',
    group: 'Agent',
    description:
      'Who is asked about tool calls that the permission mode does not let pass: the client (where its dialect has no way, the console), always the console, or nobody.',
    read: ({ engine }) => engine.approvals,
  },
  {
    name: 'APPROVALS_BY_KEYS',
    group: 'Agent',
    description: 'An API key may answer for calls of its own runs that wait for the console.',
    read: ({ engine }) => engine.approvalsByKeys,
  },
  {
    name: 'APPROVAL_TIMEOUT_SECONDS',
    group: 'Agent',
    description: 'How long a tool call that needs approval waits for it before it is denied.',
    read: ({ engine }) => seconds(engine.approvalTimeoutMs),
  },
  {
    name: 'FILE_DELIVERY',
    group: 'Files',
    description:
      'How files that the agent made reach clients of Chat Completions: in the answer, as links, or not at all.',
    read: ({ files }) => files.delivery,
  },
  {
    name: 'INLINE_FILE_MAX_KB',
    group: 'Files',
    description: 'Longest text file that is shown in the answer; longer ones are linked to.',
    read: ({ files }) => files.inlineMaxBytes / 1024,
  },
  {
    name: 'INLINE_TOTAL_MAX_KB',
    group: 'Files',
    description: 'Most that all files in one answer may take together; the others are linked to.',
    read: ({ files }) => files.inlineTotalMaxBytes / 1024,
  },
  {
    name: 'FILE_MAX_MB',
    group: 'Files',
    description: 'Largest file that is taken as an upload, or kept of what the agent made.',
    read: ({ files }) => files.maxBytes / megabyte,
  },
  {
    name: 'FILE_RETENTION_DAYS',
    group: 'Files',
    description: 'Days after which uploaded and kept files are deleted; 0 keeps them for ever.',
    read: ({ files }) => days(files.retentionMs),
  },
  {
    name: 'WORKSPACE_MAX_MB',
    group: 'Files',
    description:
      'Most that one workspace may take; beyond it runs and uploads there are refused. 0: no limit.',
    read: ({ workspaces }) => (workspaces.maxBytes ?? 0) / megabyte,
  },
  {
    name: 'WORKSPACE_MAX_FILES',
    group: 'Files',
    description: 'Most files in one workspace; beyond it runs and uploads there are refused. 0: no limit.',
    read: ({ workspaces }) => workspaces.maxFiles ?? 0,
  },
  {
    name: 'WORKSPACE_RETENTION_DAYS',
    group: 'Files',
    description:
      'Days after which a key’s or a conversation’s workspace that nobody used is deleted; 0 keeps them for ever.',
    read: ({ workspaces }) => days(workspaces.retentionMs),
  },
  {
    name: 'REQUEST_TIMEOUT_SECONDS',
    group: 'Processes',
    description: 'Longest run of one request.',
    read: ({ server }) => seconds(server.requestTimeoutMs),
  },
  {
    name: 'RETRY_GRACE_SECONDS',
    group: 'Processes',
    description:
      'How long a run goes on without its client, whose time-out may send the request again, and how long the answer is kept for it. 0: repeated requests run again.',
    read: ({ server }) => seconds(server.retryGraceMs),
  },
  {
    name: 'MAX_PROCESSES',
    group: 'Processes',
    description: 'Most Claude Code processes at once (170 to 250 MB each).',
    read: ({ engine }) => engine.maxProcesses,
  },
  {
    name: 'WARM_SPARES',
    group: 'Processes',
    description: 'Processes kept warm for new conversations.',
    read: ({ engine }) => engine.warmSpares,
  },
  {
    name: 'IDLE_TTL_SECONDS',
    group: 'Processes',
    description: 'How long an idle conversation keeps its process.',
    read: ({ engine }) => seconds(engine.idleTtlMs),
  },
  {
    name: 'QUEUE_LIMIT',
    group: 'Processes',
    description: 'Requests that may wait for a process; the next is refused with 429.',
    read: ({ engine }) => engine.queueLimit,
  },
  {
    name: 'BACKGROUND_WORKERS',
    group: 'Processes',
    description: 'Background responses that run at once.',
    read: ({ responses }) => responses.backgroundWorkers,
  },
  {
    name: 'RECORD_DETAIL',
    group: 'Records',
    description:
      'What is kept of headers, bodies and what the agent did: nothing, the structure without texts, or all without secrets.',
    read: ({ records }) => records.detail,
  },
  {
    name: 'RECORD_BODY_MAX_KB',
    group: 'Records',
    description: 'Most that is kept of one request’s headers, bodies and timeline.',
    read: ({ records }) => records.detailMaxBytes / 1024,
  },
  {
    name: 'RECORD_RETENTION_DAYS',
    group: 'Records',
    description: 'Days after which the record of a request is deleted; 0 keeps them for ever.',
    read: ({ records }) => days(records.retentionMs),
  },
  {
    name: 'RECORD_MAX_MB',
    group: 'Records',
    description: 'Most that all kept bodies and timelines may take; the oldest go first. 0: no limit.',
    read: ({ records }) => (records.maxBytes ?? 0) / megabyte,
  },
  {
    name: 'PUBLIC_SHARE_LINKS',
    group: 'Records',
    description:
      'Admins may make links to single requests that open without signing in: without secrets, for a time. Off: none opens.',
    read: ({ records }) => records.publicLinks,
  },
  {
    name: 'LOG_LEVEL',
    group: 'Logs',
    description: 'From debug on, each message of the engine and each chunk is logged.',
    read: ({ log }) => log.level,
  },
  {
    name: 'TRANSCRIPT_RETENTION_DAYS',
    group: 'Data',
    description: 'Days after which an idle conversation’s transcript is forgotten; 0 keeps them for ever.',
    read: ({ transcripts }) => days(transcripts.retentionMs),
  },
  {
    name: 'RESPONSE_RETENTION_DAYS',
    group: 'Data',
    description:
      'Days after which a stored response, or a conversation that nobody used, is deleted; 0 keeps them for ever.',
    read: ({ responses }) => days(responses.retentionMs),
  },
];
