import { afterEach, describe, expect, it, vi } from 'vitest';
import { ConfigError } from '../config-error.ts';
import { LiveSettings } from './live-settings.ts';
import { liveVariables } from './live-variables.ts';
import type { SettingsStore, StoredSetting, StoredSettingChange } from './settings-store.ts';

const system = { cwd: '/srv/app', cores: 2, memoryBytes: 8 * 1024 ** 3 };

class MemoryStore implements SettingsStore {
  readonly settings = new Map<string, StoredSetting>();
  readonly changes: StoredSettingChange[] = [];
  versions = 0;
  broken = false;

  async list() {
    return [...this.settings.values()];
  }

  async change(changes: Readonly<Record<string, string | null>>, by: string, at: number) {
    this.versions++;
    for (const [name, value] of Object.entries(changes)) {
      const before = this.settings.get(name)?.value ?? null;
      this.changes.unshift({ id: this.changes.length + 1, name, before, after: value, at, by });
      if (value === null) this.settings.delete(name);
      else this.settings.set(name, { name, value, changedAt: at, changedBy: by });
    }
  }

  async history(limit: number) {
    return this.changes.slice(0, limit);
  }

  async version() {
    if (this.broken) throw new Error('no database');
    return this.versions;
  }
}

const opened: LiveSettings[] = [];
afterEach(async () => {
  for (const settings of opened.splice(0)) await settings[Symbol.asyncDispose]();
});

async function open(
  variables: Readonly<Record<string, string>> = {},
  store = new MemoryStore(),
  fromFile: readonly string[] = [],
) {
  const problems: unknown[] = [];
  const settings = await LiveSettings.open({
    start: { variables, fromFile: new Set(fromFile), system },
    store,
    onProblem: (error) => problems.push(error),
    pollMs: 5,
  });
  opened.push(settings);
  const setting = (name: string) => settings.describe().settings.find((one) => one.name === name);
  return { settings, store, problems, setting };
}

async function refusal(change: Promise<unknown>): Promise<ConfigError> {
  try {
    await change;
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('a live setting', () => {
  it('holds at once, is told to listeners, and null brings back the default', async () => {
    const { settings, setting } = await open();
    const listener = vi.fn();
    settings.onChange(listener);
    expect(await settings.change({ LOG_LEVEL: 'debug', QUEUE_LIMIT: 7 }, 'ann')).toEqual([
      'LOG_LEVEL',
      'QUEUE_LIMIT',
    ]);
    expect(settings.config).toMatchObject({ log: { level: 'debug' }, engine: { queueLimit: 7 } });
    expect(listener).toHaveBeenCalledExactlyOnceWith(settings.config, ['QUEUE_LIMIT', 'LOG_LEVEL']);
    expect(setting('QUEUE_LIMIT')).toMatchObject({
      value: 7,
      default: 64,
      source: 'console',
      changedBy: 'ann',
    });
    await settings.change({ QUEUE_LIMIT: null }, 'ann');
    expect(settings.config.engine.queueLimit).toBe(64);
    expect(setting('QUEUE_LIMIT')).toMatchObject({ source: 'default', changedBy: null });
  });

  it.each([
    ['OPENAI_API_KEY_REQUIRED', true],
    ['CORS_ORIGIN', ['https://a.example', 'https://b.example']],
    ['CORS_ORIGIN', '*'],
    ['DEFAULT_MODEL', 'opus'],
    ['MODEL_ALIASES', { mine: 'sonnet' }],
    ['MAX_PROCESSES', 3],
    ['RECORD_DETAIL', 'full'],
    ['RECORD_MAX_MB', 5],
    ['RECORD_RETENTION_DAYS', 0],
    ['TRANSCRIPT_RETENTION_DAYS', 3],
    ['REQUEST_TIMEOUT_SECONDS', 9],
  ])('%s comes back as it was set: %j', async (name, value) => {
    const { settings, setting } = await open();
    await settings.change({ [name]: value }, 'ann');
    expect(setting(name)?.value).toEqual(value);
    const [change] = await settings.history();
    expect(change).toMatchObject({ name, before: null, after: value, by: 'ann' });
  });

  it.each([
    ['LOG_LEVEL', 'loud', /expected one of trace/],
    ['QUEUE_LIMIT', '7', /expected a whole number from 0/],
    ['QUEUE_LIMIT', 1.5, /expected a whole number/],
    ['QUEUE_LIMIT', -1, /from 0 to 100000/],
    ['CORS_ORIGIN', ['example.com'], /origins such as/],
    ['CORS_ORIGIN', [], /list of origins/],
    ['MODEL_ALIASES', { a: '' }, /JSON object of strings/],
    ['DEFAULT_MODEL', ' ', /expected a text/],
    ['PORT', 1, /not a live setting/],
    ['WEBUI_DEFAULT_PASSWORD', 'longer than this', /not a live setting/],
    ['__proto__', 1, /not a live setting/],
  ])('%s=%j is refused, and changes nothing', async (name, value, message) => {
    const { settings, store } = await open();
    const changes = JSON.parse(`{"LOG_LEVEL":"debug",${JSON.stringify(name)}:${JSON.stringify(value)}}`);
    const error = await refusal(settings.change(changes, 'ann'));
    expect(error.problems[0]?.variable).toBe(name);
    expect(error.problems[0]?.message).toMatch(message);
    expect(store.changes).toEqual([]);
    expect(settings.config.log.level).toBe('info');
  });

  it('cannot contradict the rest', async () => {
    const { settings } = await open({
      HOST: '0.0.0.0',
      WEBUI_DEFAULT_PASSWORD: 'not the public one',
      OPENAI_API_KEY_REQUIRED: 'true',
    });
    expect((await refusal(settings.change({ MAX_PROCESSES: 2, WARM_SPARES: 3 }, 'ann'))).problems).toEqual([
      { variable: 'WARM_SPARES', value: '3', message: expect.stringContaining('allows 2') },
    ]);
    await settings.change({ MAX_PROCESSES: 3, WARM_SPARES: 3 }, 'ann');
    expect(settings.config.engine).toMatchObject({ maxProcesses: 3, warmSpares: 3 });
  });

  it('is fixed where the environment or its file gives it, whatever the console said before', async () => {
    const store = new MemoryStore();
    const first = await open({}, store);
    await first.settings.change({ LOG_LEVEL: 'debug', QUEUE_LIMIT: 5, SMALL_MODEL: 'haiku' }, 'ann');
    const { settings, setting } = await open({ LOG_LEVEL: 'warn', QUEUE_LIMIT: '9' }, store, ['QUEUE_LIMIT']);
    expect(settings.config.log.level).toBe('warn');
    expect(setting('LOG_LEVEL')).toMatchObject({ value: 'warn', source: 'environment', changedBy: null });
    expect(setting('QUEUE_LIMIT')).toMatchObject({ value: 9, source: 'file' });
    expect(setting('SMALL_MODEL')).toMatchObject({ value: 'haiku', source: 'console' });
    expect((await refusal(settings.change({ LOG_LEVEL: 'info' }, 'ann'))).message).toMatch(/fixed by/);
  });
});

describe('servers that share a database', () => {
  it('have what another changed', async () => {
    const store = new MemoryStore();
    const one = await open({}, store);
    const other = await open({}, store);
    const told = new Promise<readonly string[]>((resolve) => {
      other.settings.onChange((_, names) => resolve(names));
    });
    await one.settings.change({ LOG_LEVEL: 'error' }, 'ann');
    expect(await told).toEqual(['LOG_LEVEL']);
    expect(other.settings.config.log.level).toBe('error');
  });

  it('keep what they know while the database is away', async () => {
    const store = new MemoryStore();
    const { settings, problems } = await open({}, store);
    await settings.change({ LOG_LEVEL: 'error' }, 'ann');
    store.broken = true;
    await vi.waitFor(() => expect(problems.length).toBeGreaterThan(0));
    expect(settings.config.log.level).toBe('error');
  });

  it('start without stored settings that do not fit their environment, and with the others', async () => {
    const store = new MemoryStore();
    await store.change({ WARM_SPARES: '4', LOG_LEVEL: 'error', GONE: 'x' }, 'ann', 1);
    const { settings, problems } = await open({ MAX_PROCESSES: '2' }, store);
    expect(settings.config.engine.warmSpares).toBe(2);
    expect(settings.config.log.level).toBe('error');
    expect(problems).toHaveLength(1);
  });
});

describe('what is shown', () => {
  it('has every variable once, with a kind that its value suits', async () => {
    const { settings } = await open();
    const { settings: live, startup } = settings.describe();
    const names = [...live, ...startup].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(live.map(({ name }) => name)).toEqual(liveVariables.map(({ name }) => name));
    for (const { kind, value } of live) {
      if (kind.type === 'integer') expect(value).toEqual(expect.any(Number));
      if (kind.type === 'flag') expect(value).toEqual(expect.any(Boolean));
      if (kind.type === 'choice') expect(kind.options).toContain(value);
    }
  });

  it('masks secrets and the password in DATABASE_URL', async () => {
    const secret = 'a secret of at least 32 characters';
    const { settings } = await open({
      SESSION_SECRET: secret,
      DATABASE_URL: 'postgres://api:s3cret@db/api',
      PORT: '4000',
    });
    const { startup } = settings.describe();
    const shown = JSON.stringify(startup);
    expect(shown).not.toContain(secret);
    expect(shown).not.toContain('s3cret');
    expect(startup).toContainEqual({ name: 'PORT', value: '4000', source: 'environment', secret: false });
    expect(startup).toContainEqual({ name: 'HOST', value: '127.0.0.1', source: 'default', secret: false });
    expect(startup).toContainEqual({
      name: 'DATABASE_URL',
      value: 'postgres://api@db/api',
      source: 'environment',
      secret: true,
    });
    expect(startup).toContainEqual(
      expect.objectContaining({ name: 'WEBUI_DEFAULT_PASSWORD', value: null, source: 'default' }),
    );
  });
});
