import { describe, expect, it } from 'vitest';
import { hasCredentialInEnvironment } from './claude-credential.ts';
import { engineEnvironment } from './engine-environment.ts';
import { environmentSchema } from './environment-schema.ts';

const given = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, '1']));

describe('engineEnvironment', () => {
  it('lets through what programs and Claude Code need', () => {
    const env = given([
      ...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'TERM', 'LANG', 'LC_ALL', 'LC_CTYPE', 'TZ', 'TMPDIR'],
      ...['HTTP_PROXY', 'https_proxy', 'no_proxy', 'SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS', 'IS_SANDBOX'],
      ...['ANTHROPIC_API_KEY', 'ANTHROPIC_BASE_URL', 'ANTHROPIC_FOUNDRY_API_KEY', 'DISABLE_TELEMETRY'],
      ...[
        'CLAUDE_CONFIG_DIR',
        'CLAUDE_CODE_OAUTH_TOKEN',
        'CLAUDE_CODE_MAX_RETRIES',
        'CLAUDE_CODE_USE_BEDROCK',
      ],
      ...['CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC', 'CLAUDE_CODE_SUBPROCESS_ENV_SCRUB'],
      ...['SystemRoot', 'Path', 'USERPROFILE', 'APPDATA', 'LOCALAPPDATA', 'ComSpec', 'PATHEXT'],
    ]);
    expect(engineEnvironment(env)).toEqual(env);
  });

  it('lets none of the variables of this server through', () => {
    expect(engineEnvironment(given(Object.keys(environmentSchema.shape)))).toEqual({});
  });

  it('keeps everything unknown back', () => {
    const env = given([
      'OPENAI_API_KEY',
      'GITHUB_TOKEN',
      'NPM_TOKEN',
      'NODE_OPTIONS',
      'SSH_AUTH_SOCK',
      'PGPASSWORD',
    ]);
    expect(engineEnvironment(env)).toEqual({});
  });

  it('keeps the traces of a surrounding Claude Code session back', () => {
    const env = given([
      ...['CLAUDECODE', 'CLAUDE_CODE_ENTRYPOINT', 'CLAUDE_CODE_SESSION_ID', 'CLAUDE_CODE_SSE_PORT'],
      ...[
        'CLAUDE_CODE_EXTRA_BODY',
        'CLAUDE_CODE_CHILD_SESSION',
        'CLAUDE_CODE_REMOTE',
        'CLAUDE_CODE_REMOTE_SESSION_ID',
      ],
      ...[
        'CLAUDE_CODE_SESSION_ACCESS_TOKEN',
        'CLAUDE_CODE_API_KEY_FILE_DESCRIPTOR',
        'CLAUDE_AGENT_SDK_VERSION',
      ],
      ...['CLAUDE_PROJECT_DIR', 'CLAUDE_ENV_FILE', 'CLAUDE_BG_BACKEND', 'CLAUDE_SESSION_INGRESS_TOKEN_FILE'],
    ]);
    expect(engineEnvironment(env)).toEqual({});
  });

  const providers = {
    CLAUDE_CODE_USE_BEDROCK: ['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_PROFILE', 'AWS_BEARER_TOKEN_BEDROCK'],
    CLAUDE_CODE_USE_VERTEX: [
      ...['CLOUD_ML_REGION', 'GOOGLE_APPLICATION_CREDENTIALS', 'GOOGLE_CLOUD_PROJECT', 'CLOUDSDK_CONFIG'],
      'VERTEX_REGION_CLAUDE_HAIKU_4_5',
    ],
    CLAUDE_CODE_USE_FOUNDRY: ['AZURE_TENANT_ID', 'AZURE_CLIENT_SECRET', 'IDENTITY_ENDPOINT'],
  };
  const cloudVariables = given(Object.values(providers).flat());

  it.each(Object.entries(providers))('gives a cloud’s credentials only with %s', (provider, names) => {
    expect(engineEnvironment({ ...cloudVariables, [provider]: '1' })).toEqual(given([provider, ...names]));
    expect(engineEnvironment({ ...cloudVariables, [provider]: '0' })).toEqual({ [provider]: '0' });
  });

  it('leaves out what is not set', () => {
    expect(engineEnvironment({ PATH: undefined, HOME: '' })).toEqual({ HOME: '' });
  });
});

describe('hasCredentialInEnvironment', () => {
  it.each([
    'CLAUDE_CODE_USE_BEDROCK',
    'CLAUDE_CODE_USE_VERTEX',
    'CLAUDE_CODE_USE_FOUNDRY',
    'ANTHROPIC_AUTH_TOKEN',
    'ANTHROPIC_API_KEY',
    'CLAUDE_CODE_OAUTH_TOKEN',
  ])('finds %s', (name) => {
    expect(hasCredentialInEnvironment({ [name]: '1' })).toBe(name);
  });

  it('names the one that Claude Code prefers', () => {
    expect(hasCredentialInEnvironment({ ANTHROPIC_API_KEY: 'k', CLAUDE_CODE_USE_VERTEX: 'true' })).toBe(
      'CLAUDE_CODE_USE_VERTEX',
    );
  });

  it('finds nothing in empty values and switches that are off', () => {
    expect(
      hasCredentialInEnvironment({ ANTHROPIC_API_KEY: ' ', CLAUDE_CODE_USE_BEDROCK: '0', PATH: '/bin' }),
    ).toBeUndefined();
  });
});
