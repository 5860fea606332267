import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ConfigError, type ConfigProblem } from './config-error.ts';
import { environmentSchema } from './environment-schema.ts';
import { readConfig } from './read-config.ts';
import type { System } from './system.ts';

const system: System = { cwd: '/srv/app', cores: 2, memoryBytes: 24 * 1024 ** 3 };
const read = (env: Record<string, string | undefined>) => readConfig(env, system);

function failure(env: Record<string, string | undefined>): ConfigError {
  try {
    read(env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

const problemsOf = (env: Record<string, string | undefined>): readonly ConfigProblem[] =>
  failure(env).problems;

describe('the defaults', () => {
  it('are those of the product description', () => {
    expect(read({})).toEqual({
      environment: 'development',
      server: {
        host: '127.0.0.1',
        port: 3000,
        loopback: true,
        corsOrigins: '*',
        bodyLimitBytes: 33_554_432,
        trustProxy: false,
        requestTimeoutMs: 1_800_000,
        retryGraceMs: 60_000,
        shutdownTimeoutMs: 20_000,
      },
      access: { apiKeyRequired: false, sessionIdleMs: 480 * 60_000, twoFactorRequired: 'off' },
      alerts: {},
      workspaces: { commits: false },
      files: {
        delivery: 'inline',
        inlineMaxBytes: 64 * 1024,
        inlineTotalMaxBytes: 256 * 1024,
        maxBytes: 512 * 1024 * 1024,
        retentionMs: 30 * 24 * 60 * 60 * 1000,
      },
      metricsAccess: 'loopback',
      records: {
        detail: 'redacted',
        detailMaxBytes: 256 * 1024,
        retentionMs: 30 * 24 * 60 * 60 * 1000,
        maxBytes: 1024 ** 3,
        publicLinks: false,
      },
      paths: { data: '/srv/app/data', workspaces: '/srv/app/public', logs: '/srv/app/logs' },
      database: { kind: 'sqlite', location: '/srv/app/data/webui.sqlite' },
      transcripts: { retentionMs: 2_592_000_000 },
      responses: { retentionMs: 2_592_000_000, backgroundWorkers: 4, agentItems: 'on-request' },
      log: { level: 'info' },
      models: { aliases: {} },
      engine: {
        permissionMode: 'bypassPermissions',
        sandbox: 'auto',
        approvals: 'client',
        approvalsByKeys: false,
        approvalTimeoutMs: 300_000,
        maxProcesses: 8,
        warmSpares: 2,
        idleTtlMs: 600_000,
        queueLimit: 64,
      },
      sideRequests: 'small',
      showToolActivity: true,
      secrets: { databaseUrl: '/srv/app/data/webui.sqlite', webuiDefaultPassword: 'admin123' },
    });
  });

  it('stand for empty variables too', () => {
    const empty = Object.fromEntries(Object.keys(environmentSchema.shape).map((name) => [name, ' ']));
    expect(read(empty)).toEqual(read({}));
  });

  it('work on this machine', () => {
    expect(readConfig({}).engine.maxProcesses).toBeGreaterThanOrEqual(2);
  });

  it.each([
    { cores: 1, gigabytes: 0.5, maxProcesses: 2 },
    { cores: 4, gigabytes: 2, maxProcesses: 4 },
    { cores: 4, gigabytes: 64, maxProcesses: 16 },
    { cores: 64, gigabytes: 512, maxProcesses: 32 },
  ])('suit a machine with $cores cores and $gigabytes GB', ({ cores, gigabytes, maxProcesses }) => {
    const machine = { cwd: '/srv', cores, memoryBytes: gigabytes * 1024 ** 3 };
    expect(readConfig({}, machine).engine.maxProcesses).toBe(maxProcesses);
  });

  it('keep no more spares than there are processes', () => {
    expect(read({ MAX_PROCESSES: '1' }).engine).toMatchObject({ maxProcesses: 1, warmSpares: 1 });
  });

  it('put the database into the data directory', () => {
    expect(read({ DATA_DIR: '/var/lib/api' }).secrets.databaseUrl).toBe('/var/lib/api/webui.sqlite');
  });
});

describe('.env.example', () => {
  const text = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');

  it('names exactly the variables that are read', () => {
    const named = [...text.matchAll(/^(?:# )?([A-Z][A-Z0-9_]*)=/gm)].map((match) => match[1]);
    expect(named.toSorted()).toEqual(Object.keys(environmentSchema.shape).toSorted());
  });

  it('gives the true defaults', () => {
    expect(read(parseEnv(text))).toEqual(read({}));
  });

  it('explains each variable in the line above it', () => {
    const lines = text.split('\n');
    const unexplained = lines.filter(
      (line, index) => /^(# )?[A-Z][A-Z0-9_]*=/.test(line) && !/^# .+\.$/.test(lines[index - 1] ?? ''),
    );
    expect(unexplained).toEqual([]);
  });
});

describe('values', () => {
  it.each(['true', '1', 'yes', 'TRUE'])('take %s as true', (value) => {
    expect(read({ OPENAI_API_KEY_REQUIRED: value }).access.apiKeyRequired).toBe(true);
  });

  it.each(['false', '0', 'no', 'No'])('take %s as false', (value) => {
    expect(read({ SHOW_TOOL_ACTIVITY: value }).showToolActivity).toBe(false);
  });

  it('may be words in any case', () => {
    const config = read({ LOG_LEVEL: 'WARN', PERMISSION_MODE: 'acceptedits' });
    expect([config.log.level, config.engine.permissionMode]).toEqual(['warn', 'acceptEdits']);
  });

  it('name the webhook and its secret', () => {
    const budgetWebhookSecret = `whsec_${Buffer.alloc(24, 1).toString('base64')}`;
    const config = read({
      BUDGET_WEBHOOK_URL: ' http://hooks.example:8080/a?b=c ',
      BUDGET_WEBHOOK_SECRET: budgetWebhookSecret,
    });
    expect(config.alerts).toEqual({ budgetWebhookUrl: 'http://hooks.example:8080/a?b=c' });
    expect(config.secrets).toMatchObject({ budgetWebhookSecret });
  });

  it.each(['hooks.example', 'ftp://hooks.example', 'file:///etc/passwd', 'https://ann:word@hooks.example'])(
    'are no webhook as %s',
    (url) => {
      expect(problemsOf({ BUDGET_WEBHOOK_URL: url })[0]?.variable).toBe('BUDGET_WEBHOOK_URL');
    },
  );

  it.each([
    'a plain text that is long enough to be a secret',
    `whsec_${Buffer.alloc(23).toString('base64')}`,
    `whsec_${Buffer.alloc(65).toString('base64')}`,
    `whsec_${'A'.repeat(33)}`,
  ])('do not sign as %s', (secret) => {
    const [problem] = problemsOf({ BUDGET_WEBHOOK_SECRET: secret });
    expect(problem?.message).toMatch(/expected whsec_ and 24 to 64 bytes/);
    expect(JSON.stringify(problem)).not.toContain(secret);
  });

  it('lose the white space around them, except for secrets', () => {
    const config = read({ PORT: ' 8080 ', WEBUI_DEFAULT_PASSWORD: ' a password ' });
    expect([config.server.port, config.secrets.webuiDefaultPassword]).toEqual([8080, ' a password ']);
  });

  it('keep transcripts for ever where the retention is 0', () => {
    expect(read({ TRANSCRIPT_RETENTION_DAYS: '0' }).transcripts).toEqual({});
  });

  it('name models', () => {
    const config = read({
      DEFAULT_MODEL: 'opus',
      SMALL_MODEL: 'haiku',
      MODEL_ALIASES: '{"gpt-4o":"sonnet"}',
    });
    expect(config.models).toEqual({ default: 'opus', small: 'haiku', aliases: { 'gpt-4o': 'sonnet' } });
  });

  it('list origins as browsers send them', () => {
    expect(
      read({ CORS_ORIGIN: 'https://Chat.example.com/, http://localhost:8080,chrome-extension://abc' }).server
        .corsOrigins,
    ).toEqual(['https://chat.example.com', 'http://localhost:8080', 'chrome-extension://abc']);
  });

  it.each([
    ['PORT', '70000'],
    ['PORT', '3000.5'],
    ['PORT', '0x10'],
    ['NODE_ENV', 'staging'],
    ['HOST', 'http://localhost'],
    ['OPENAI_API_KEY_REQUIRED', 'maybe'],
    ['LOG_LEVEL', 'verbose'],
    ['CORS_ORIGIN', 'example.com'],
    ['CORS_ORIGIN', 'https://example.com/path'],
    ['CORS_ORIGIN', 'https://*.example.com'],
    ['CORS_ORIGIN', '*,https://example.com'],
    ['CORS_ORIGIN', ','],
    ['MODEL_ALIASES', '{"gpt-4o":1}'],
    ['MODEL_ALIASES', '["gpt-4o"]'],
    ['MODEL_ALIASES', 'gpt-4o=sonnet'],
    ['PERMISSION_MODE', 'yolo'],
    ['MAX_PROCESSES', '0'],
    ['WARM_SPARES', '-1'],
    ['BODY_LIMIT_MB', '0'],
    ['REQUEST_TIMEOUT_SECONDS', '30s'],
    ['TRUST_PROXY', 'true'],
    ['TRUST_PROXY', '10.0.0.0/33'],
    ['RECORD_DETAIL', 'some'],
  ])('are refused by name: %s=%s', (variable, value) => {
    expect(problemsOf({ [variable]: value })).toEqual([
      { variable, value, message: expect.stringMatching(/expected|allows/) },
    ]);
  });
});

describe('DATABASE_URL', () => {
  it.each([
    ['db/api.sqlite', '/srv/app/db/api.sqlite'],
    ['/srv/api.sqlite', '/srv/api.sqlite'],
    ['file:api.sqlite', '/srv/app/api.sqlite'],
    ['file:///srv/my%20db.sqlite', '/srv/my db.sqlite'],
    ['sqlite:data/api.sqlite', '/srv/app/data/api.sqlite'],
    ['sqlite:///srv/api.sqlite', '/srv/api.sqlite'],
  ])('may be a SQLite file: %s', (url, path) => {
    const config = read({ DATABASE_URL: url });
    expect(config.database).toEqual({ kind: 'sqlite', location: path });
    expect(config.secrets.databaseUrl).toBe(path);
  });

  it.each(['postgres', 'postgresql'])(
    'may be a %s:// URL, whose password stays among the secrets',
    (scheme) => {
      const url = `${scheme}://api:s3cret@db.internal:5433/api?sslmode=require&password=s3cret`;
      const { secrets, ...rest } = read({ DATABASE_URL: url });
      expect(secrets.databaseUrl).toBe(url);
      expect(rest.database).toEqual({ kind: 'postgres', location: 'postgres://api@db.internal:5433/api' });
      expect(JSON.stringify(rest)).not.toContain('s3cret');
    },
  );

  it.each([
    'mysql://root:s3cret@db/api',
    'postgres://api:s3cret@db:port/api',
    'sqlite://host/s3cret',
    'file:',
  ])('is refused without being shown: %s', (url) => {
    const error = failure({ DATABASE_URL: url });
    expect(error.problems).toEqual([{ variable: 'DATABASE_URL', message: expect.any(String) }]);
    expect(error.message).not.toContain('s3cret');
  });
});

describe('exposure', () => {
  const safe = { OPENAI_API_KEY_REQUIRED: 'true', WEBUI_DEFAULT_PASSWORD: 'not the public one' };

  it.each(['127.0.0.1', '127.1.2.3', 'localhost', '::1', '::ffff:127.0.0.1'])(
    'is none on %s, with neither key nor own password',
    (host) => {
      expect(read({ HOST: host }).server.loopback).toBe(true);
    },
  );

  it.each(['0.0.0.0', '::', '192.168.1.2', 'api.example.com'])(
    'on %s needs keys and an own password',
    (host) => {
      expect(problemsOf({ HOST: host })).toEqual([
        { variable: 'HOST', value: host, message: expect.stringContaining('OPENAI_API_KEY_REQUIRED=true') },
        { variable: 'HOST', value: host, message: expect.stringContaining('WEBUI_DEFAULT_PASSWORD') },
      ]);
      expect(problemsOf({ ...safe, HOST: host, OPENAI_API_KEY_REQUIRED: 'false' })).toHaveLength(1);
      expect(problemsOf({ ...safe, HOST: host, WEBUI_DEFAULT_PASSWORD: undefined })).toHaveLength(1);
      expect(read({ ...safe, HOST: host }).server.loopback).toBe(false);
    },
  );
});

describe('contradictions', () => {
  it('are more spares than processes', () => {
    expect(problemsOf({ MAX_PROCESSES: '2', WARM_SPARES: '3' })).toEqual([
      { variable: 'WARM_SPARES', value: '3', message: expect.stringContaining('allows 2') },
    ]);
  });

  it('are more background runs than processes', () => {
    expect(problemsOf({ MAX_PROCESSES: '2', BACKGROUND_WORKERS: '3' })).toEqual([
      { variable: 'BACKGROUND_WORKERS', value: '3', message: expect.stringContaining('allows 2') },
    ]);
  });

  it('are the own files of the server where the agent writes', () => {
    const problems = problemsOf({ WORKSPACE_ROOT: '/srv/app' });
    expect(problems.map((problem) => problem.variable)).toEqual(['DATA_DIR', 'LOG_DIR', 'DATABASE_URL']);
    expect(problemsOf({ DATABASE_URL: 'public/db.sqlite' })).toHaveLength(1);
  });

  it('are not workspaces within the data directory, nor names that begin alike', () => {
    expect(read({ WORKSPACE_ROOT: 'data/workspaces' }).paths.workspaces).toBe('/srv/app/data/workspaces');
    expect(read({ WORKSPACE_ROOT: 'data', DATA_DIR: 'data-own' }).paths.data).toBe('/srv/app/data-own');
    expect(read({ WORKSPACE_ROOT: 'public', DATA_DIR: '..data' }).paths.data).toBe('/srv/app/..data');
  });
});

describe('the error', () => {
  it('tells every problem at once, by name and value, but no secret', () => {
    const error = failure({
      PORT: 'http',
      SESSION_SECRET: 'too short',
      MAX_PROCESSES: '2',
      WARM_SPARES: '9',
      HOST: '0.0.0.0',
      OPENAI_API_KEY_REQUIRED: 'perhaps',
      WEBUI_DEFAULT_PASSWORD: 'short',
    });
    expect(error.message).toBe(
      [
        'The configuration has problems:',
        '  PORT="http": expected a whole number from 0 to 65535',
        '  OPENAI_API_KEY_REQUIRED="perhaps": expected true, 1 or yes, or else false, 0 or no',
        '  SESSION_SECRET: must have at least 32 characters; make one with `openssl rand -base64 32`',
        '  WEBUI_DEFAULT_PASSWORD: must have at least 8 characters; choose a longer one',
        '  WARM_SPARES="9": warm spares count among the processes, of which MAX_PROCESSES allows 2',
      ].join('\n'),
    );
  });
});
