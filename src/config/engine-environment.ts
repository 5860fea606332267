import { isOn } from './claude-credential.ts';

type RawEnvironment = Readonly<Record<string, string | undefined>>;

/**
 * The environment of the agent's process: what Claude Code and the programs it runs need, and nothing else.
 * The agent runs shell commands, so whatever is in here, a prompt can make it print: this is a list of what
 * goes in, and the server's own secrets have no way onto it. A cloud provider's credentials go in only where
 * Claude Code is told to use that provider.
 */
export function engineEnvironment(env: RawEnvironment): Record<string, string> {
  const providers = cloudProviders.filter(({ switches }) => switches.some((name) => isOn(env[name])));
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && (isForEveryone(name) || providers.some(({ uses }) => uses.test(name)))) {
      result[name] = value;
    }
  }
  return result;
}

function isForEveryone(name: string): boolean {
  // Windows spells these in any case, and the proxy variables are in use in both.
  if (systemVariables.has(name.toUpperCase()) || engineVariables.has(name)) return true;
  return prefixes.test(name) && !ofSurroundingSession.test(name);
}

const systemVariables: ReadonlySet<string> = new Set([
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'TERM', 'LANG', 'LANGUAGE', 'TZ', 'TMPDIR'],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'ALL_PROXY'],
  ...['SSL_CERT_FILE', 'SSL_CERT_DIR', 'NODE_EXTRA_CA_CERTS', 'NODE_USE_SYSTEM_CA'],
  ...['CURL_CA_BUNDLE', 'REQUESTS_CA_BUNDLE', 'GIT_SSL_CAINFO'],
  ...['XDG_CONFIG_HOME', 'XDG_CACHE_HOME', 'XDG_DATA_HOME', 'XDG_STATE_HOME', 'XDG_RUNTIME_DIR'],
  ...['SYSTEMROOT', 'SYSTEMDRIVE', 'WINDIR', 'USERPROFILE', 'USERNAME', 'HOMEDRIVE', 'HOMEPATH'],
  ...['APPDATA', 'LOCALAPPDATA', 'PROGRAMDATA', 'PROGRAMFILES', 'COMSPEC', 'PATHEXT', 'TEMP', 'TMP'],
]);

/** Settings of Claude Code that carry no prefix of its own. */
const engineVariables: ReadonlySet<string> = new Set([
  ...['IS_SANDBOX', 'DISABLE_TELEMETRY', 'DISABLE_ERROR_REPORTING', 'DISABLE_AUTOUPDATER', 'DO_NOT_TRACK'],
  ...['DISABLE_COMPACT', 'DISABLE_AUTO_COMPACT', 'DISABLE_PROMPT_CACHING', 'DISABLE_COST_WARNINGS'],
  ...['API_TIMEOUT_MS', 'MAX_THINKING_TOKENS', 'ENABLE_TOOL_SEARCH', 'USE_BUILTIN_RIPGREP'],
  ...['BASH_DEFAULT_TIMEOUT_MS', 'BASH_MAX_TIMEOUT_MS', 'BASH_MAX_OUTPUT_LENGTH'],
  ...['MCP_TIMEOUT', 'MCP_TOOL_TIMEOUT', 'MAX_MCP_OUTPUT_TOKENS'],
]);

const prefixes = /^(LC_|ANTHROPIC_|CLAUDE_)/;

/**
 * What Claude Code gives the processes that it starts itself. A server that was started from within a Claude
 * Code session has these, and an agent that inherited them would take itself for a part of that session, or
 * send its request fields. The request's own fields (CLAUDE_CODE_EXTRA_BODY) are the engine's to set.
 */
const ofSurroundingSession = new RegExp(
  `^CLAUDE_(${[
    'CODE_(ENTRYPOINT|CHILD_SESSION|SSE_PORT|EXECPATH|SUPERVISED|WORKER_EPOCH|TAGS|CONTAINER_ID|SIMPLE)',
    'CODE_(EXTRA_BODY|EXTRA_METADATA|MAX_TURNS|PROJECT_DIR_NAME|PLUGIN_DIRS)',
    'CODE_(SESSION|REMOTE|SPAWN|ENVIRONMENT|HOST|BRIDGE|COORDINATOR|TEAM|AGENT)(_.*)?',
    'CODE_(RESUME|PARENT|DAEMON|MEMORY|SPAWNED|STARTUP|PROVIDER_MANAGED)_.*',
    'CODE_(ACCOUNT|ORGANIZATION|USER)_.*',
    // Descriptors that only the session's own child has open.
    'CODE_.*_FILE_DESCRIPTOR',
    'CODE_OAUTH_REFRESH_TOKEN',
    '(AGENT_SDK|BG|BRIDGE|INTERNAL|JOB|PLUGIN|PTY|REMOTE|RUNNER|SESSION|SSH)_.*',
    'PROJECT_DIR|ENV_FILE|EFFORT|MEMORY_STORES|TRUSTED_DEVICE_TOKEN|COWORK_.*',
  ].join('|')})$`,
);

interface CloudProvider {
  /** Any of them on makes Claude Code use the provider. */
  readonly switches: readonly string[];
  readonly uses: RegExp;
}

const cloudProviders: readonly CloudProvider[] = [
  {
    switches: ['CLAUDE_CODE_USE_BEDROCK', 'CLAUDE_CODE_USE_MANTLE', 'CLAUDE_CODE_USE_ANTHROPIC_AWS'],
    uses: /^AWS_/,
  },
  {
    switches: ['CLAUDE_CODE_USE_VERTEX', 'CLAUDE_CODE_USE_ANTHROPIC_GOOGLE_CLOUD'],
    uses: /^(GOOGLE_(APPLICATION_CREDENTIALS|CLOUD_.*)|CLOUDSDK_.*|GCLOUD_PROJECT|GCE_METADATA_(HOST|IP)|CLOUD_ML_REGION|VERTEX_REGION_.*)$/,
  },
  // Foundry signs in through Azure's own chain: environment, workload identity, managed identity (MSI, IDENTITY).
  {
    switches: ['CLAUDE_CODE_USE_FOUNDRY'],
    uses: /^(AZURE_.*|IDENTITY_(ENDPOINT|HEADER)|MSI_(ENDPOINT|SECRET))$/,
  },
];
