import { AccessError, type Actor, type AuditLog } from '../access/index.ts';
import { ConfigError, type LiveSettings } from '../config/index.ts';
import type { Setting, SettingValue } from '../contract/index.ts';

/** Live settings as the console changes them: audited, and refused in the console's own words. */
export class SettingsAdministrator {
  readonly #settings: LiveSettings;
  readonly #audit: AuditLog;

  constructor(settings: LiveSettings, audit: AuditLog) {
    this.#settings = settings;
    this.#audit = audit;
  }

  describe(): ReturnType<LiveSettings['describe']> {
    return this.#settings.describe();
  }

  /** @throws AccessError `invalid`, with the variable as its param; then nothing has changed. */
  async change(changes: Readonly<Record<string, SettingValue>>, actor: Actor): Promise<Setting[]> {
    const before = new Map(this.describe().settings.map(({ name, value }) => [name, value]));
    const names = await this.#settings.change(changes, actor.name).catch((error: unknown) => {
      throw error instanceof ConfigError ? refusal(error) : error;
    });
    const { settings } = this.describe();
    for (const { name, value } of settings.filter((setting) => names.includes(setting.name))) {
      await this.#audit.record(actor, 'settings.changed', name, {
        before: before.get(name) ?? null,
        after: value,
      });
    }
    return settings;
  }

  history(): ReturnType<LiveSettings['history']> {
    return this.#settings.history();
  }
}

function refusal({ problems, message }: ConfigError): AccessError {
  const [first] = problems;
  if (first === undefined) return new AccessError('invalid', message);
  return new AccessError('invalid', problems.map((one) => `${one.variable}: ${one.message}`).join('\n'), {
    param: first.variable,
  });
}
