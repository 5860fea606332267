import type { Setting, SettingValue } from '../../contract/index.ts';
import type { Config } from '../config.ts';
import { ConfigError } from '../config-error.ts';
import { environmentSchema } from '../environment-schema.ts';
import { readConfig } from '../read-config.ts';
import { kindOf } from '../variable-schemas.ts';
import { type LiveVariable, liveVariables } from './live-variables.ts';
import { describeKind, fromVariableText, toVariableText } from './setting-text.ts';
import type { SettingsStore, StoredSetting, StoredSettingChange } from './settings-store.ts';
import { isGiven, type StartEnvironment } from './start-environment.ts';
import { describeStartup, sourceOf } from './startup-variables.ts';

export interface LiveSettingsOptions {
  readonly start: StartEnvironment;
  readonly store: SettingsStore;
  /** Told where stored values cannot be read, or do not fit the environment any more: they are then left out. */
  readonly onProblem: (error: unknown, message: string) => void;
  /** How often to look for changes that another server made; 2,000 by default. */
  readonly pollMs?: number;
}

type Listener = (config: Config, names: readonly string[]) => void;

export interface SettingChange {
  id: number;
  name: string;
  before: SettingValue;
  after: SettingValue;
  at: number;
  by: string;
}

const historyLength = 200;

/**
 * The configuration as it is now. A variable that the environment gives is fixed by it; of the others, those in
 * `liveVariables` may be set from the console, and then hold on every server that shares the database.
 */
export class LiveSettings implements AsyncDisposable {
  readonly #options: LiveSettingsOptions;
  readonly #listeners = new Set<Listener>();
  readonly #defaults: Config;
  #config: Config;
  #stored: ReadonlyMap<string, StoredSetting> = new Map();
  #version = -1;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();

  private constructor(options: LiveSettingsOptions) {
    this.#options = options;
    this.#defaults = readConfig(options.start.variables, options.start.system);
    this.#config = this.#defaults;
  }

  /**
   * @throws {ConfigError} where the environment itself is wrong.
   */
  static async open(options: LiveSettingsOptions): Promise<LiveSettings> {
    const settings = new LiveSettings(options);
    await settings.#look();
    settings.#timer = setInterval(() => {
      settings.#looking = settings.#looking.then(() => settings.#look());
    }, options.pollMs ?? 2_000);
    settings.#timer.unref();
    return settings;
  }

  get config(): Config {
    return this.#config;
  }

  /** Told after each change, with the names of what changed. */
  onChange(listener: Listener): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }

  describe(): { settings: Setting[]; startup: ReturnType<typeof describeStartup> } {
    return {
      settings: liveVariables.map((variable) => this.#describe(variable)),
      startup: describeStartup(this.#options.start),
    };
  }

  /**
   * Changes settings, all or none; null brings back the default. Resolves to the names that changed.
   * @throws {ConfigError} for what is unknown, fixed by the environment, of the wrong kind, or contradictory.
   */
  async change(changes: Readonly<Record<string, SettingValue>>, by: string): Promise<string[]> {
    const texts = Object.fromEntries(
      Object.entries(changes).map(([name, value]) => [name, this.#textOf(name, value)]),
    );
    const next = new Map([...this.#stored].map(([name, { value }]) => [name, value]));
    for (const [name, text] of Object.entries(texts)) {
      if (text === null) next.delete(name);
      else next.set(name, text);
    }
    this.#configWith(next);
    const changed = Object.entries(texts).filter(
      ([name, text]) => text !== (this.#stored.get(name)?.value ?? null),
    );
    if (changed.length > 0) {
      await this.#options.store.change(Object.fromEntries(changed), by, Date.now());
      await this.#lookNow();
    }
    return changed.map(([name]) => name);
  }

  async history(): Promise<SettingChange[]> {
    const changes = await this.#options.store.history(historyLength);
    return changes.flatMap((change) => toSettingChange(change) ?? []);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  #describe({ name, group, description, read }: LiveVariable): Setting {
    const { start } = this.#options;
    const stored = this.#stored.get(name);
    const fixed = isGiven(start, name);
    return {
      name,
      group,
      description,
      kind: kindOf(environmentSchema.shape[name]),
      value: read(this.#config),
      default: fixed ? read(this.#config) : read(this.#defaults),
      source: fixed ? sourceOf(start, name) : stored === undefined ? 'default' : 'console',
      changedAt: fixed ? null : (stored?.changedAt ?? null),
      changedBy: fixed ? null : (stored?.changedBy ?? null),
    };
  }

  #textOf(name: string, value: SettingValue): string | null {
    const variable = liveVariables.find((one) => one.name === name);
    if (variable === undefined)
      throw problem(name, 'is not a live setting; GET /api/webui/settings lists them');
    if (isGiven(this.#options.start, name))
      throw problem(name, 'is fixed by the environment of the server; take it out there to change it here');
    if (value === null) return null;
    const kind = kindOf(environmentSchema.shape[variable.name]);
    const text = toVariableText(kind, value);
    // An empty text would count as not set.
    if (text === undefined || text.trim() === '') throw problem(name, `expected ${describeKind(kind)}`);
    return text;
  }

  #configWith(values: ReadonlyMap<string, string>): Config {
    const { start } = this.#options;
    const own = [...values].filter(([name]) => !isGiven(start, name));
    return readConfig({ ...start.variables, ...Object.fromEntries(own) }, start.system);
  }

  async #lookNow(): Promise<void> {
    const looking = this.#looking.then(() => this.#look());
    this.#looking = looking;
    await looking;
  }

  async #look(): Promise<void> {
    const { store, onProblem } = this.#options;
    try {
      const version = await store.version();
      if (version === this.#version) return;
      const stored = await store.list();
      this.#version = version;
      this.#take(new Map(stored.map((setting) => [setting.name, setting])));
    } catch (error) {
      onProblem(error, 'the stored settings could not be read; those known so far hold');
    }
  }

  #take(stored: ReadonlyMap<string, StoredSetting>): void {
    const before = this.#config;
    this.#stored = this.#fitting(stored);
    this.#config = this.#configWith(new Map([...this.#stored].map(([name, { value }]) => [name, value])));
    const names = liveVariables.flatMap(({ name, read }) =>
      JSON.stringify(read(before)) === JSON.stringify(read(this.#config)) ? [] : [name],
    );
    if (names.length === 0) return;
    for (const listener of this.#listeners) listener(this.#config, names);
  }

  /** What was valid when it was stored may contradict a changed environment. */
  #fitting(stored: ReadonlyMap<string, StoredSetting>): ReadonlyMap<string, StoredSetting> {
    const fitting = new Map(
      [...stored].filter(([name]) => liveVariables.some((variable) => variable.name === name)),
    );
    for (;;) {
      try {
        this.#configWith(new Map([...fitting].map(([name, { value }]) => [name, value])));
        return fitting;
      } catch (error) {
        this.#options.onProblem(error, 'stored settings do not fit the environment and are left out');
        const wrong = error instanceof ConfigError ? error.problems.map(({ variable }) => variable) : [];
        const left = wrong.filter((name) => fitting.delete(name));
        if (left.length === 0) fitting.clear();
      }
    }
  }
}

function problem(variable: string, message: string): ConfigError {
  return new ConfigError([{ variable, message }]);
}

function toSettingChange(change: StoredSettingChange): SettingChange | undefined {
  const variable = liveVariables.find(({ name }) => name === change.name);
  if (variable === undefined) return undefined;
  const kind = kindOf(environmentSchema.shape[variable.name]);
  return {
    ...change,
    before: fromVariableText(kind, change.before),
    after: fromVariableText(kind, change.after),
  };
}
