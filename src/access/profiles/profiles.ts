import { type ProfileEntry, type ProfileSpec, slug } from '../../contract/index.ts';
import type { Profile } from '../../turn/index.ts';
import { AccessError } from '../access-error.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import { describeChanges } from '../audit/describe-changes.ts';
import { Listeners } from '../listeners.ts';
import type { Actor, ProfileStore, Seal, StoredProfile } from '../ports.ts';
import type { ReportProblem } from '../report-problem.ts';
import { defaultSpecs, isDefaultName } from './default-specs.ts';
import { ProfileCache } from './profile-cache.ts';
import { maskSecrets, openSecrets, sealSecrets } from './profile-secrets.ts';
import { toProfile } from './to-profile.ts';

export interface ProfilesOptions {
  readonly store: ProfileStore;
  readonly audit: AuditLog;
  readonly seal: Seal;
  readonly onProblem: ReportProblem;
  /** Milliseconds since 1970; the system's clock unless a test gives another. */
  readonly now?: () => number;
}

/** By name; the two that come with the server are always there. */
export interface CurrentProfiles {
  readonly agent: Profile;
  readonly model: Profile;
  readonly [name: string]: Profile;
}

/** The profiles that the server offers: its own, as edited, and those that admins make. */
export class Profiles {
  readonly #options: ProfilesOptions;
  readonly #cache: ProfileCache<CurrentProfiles>;
  readonly #listeners: Listeners<readonly string[]>;

  constructor(options: ProfilesOptions) {
    const { store, onProblem, now = Date.now } = options;
    this.#options = options;
    this.#listeners = new Listeners(onProblem);
    this.#cache = new ProfileCache({
      store,
      build: (stored) => this.#build(stored),
      onChanged: (names) => this.#listeners.tell(names),
      onProblem,
      now,
    });
  }

  /**
   * For requests; the same object while nothing has changed. What another server changes is in it within a second of
   * use. While the database fails, the last known stay.
   */
  current(): Promise<CurrentProfiles> {
    return this.#cache.get();
  }

  /** Told of the names of profiles that differ, whichever server changed them, once `current` has them. */
  onChange(listener: (names: readonly string[]) => void): () => void {
    return this.#listeners.add(listener);
  }

  /** Those that come with the server first, then by name. */
  async list(): Promise<ProfileEntry[]> {
    const stored = new Map((await this.#options.store.list()).map((profile) => [profile.name, profile]));
    const defaults = Object.keys(defaultSpecs);
    const own = [...stored.keys()].filter((name) => !defaults.includes(name)).sort();
    return [...defaults, ...own].flatMap((name) => showProfile(name, stored.get(name)) ?? []);
  }

  async get(name: string): Promise<ProfileEntry> {
    return showProfile(name, await this.#find(name)) ?? Promise.reject(notFound());
  }

  /**
   * Secret values that came back masked stay what they are.
   * @throws AccessError `invalid` for a name that does not do, or a masked value that cannot stay.
   */
  async put(name: string, spec: ProfileSpec, actor: Actor): Promise<ProfileEntry> {
    const { store, audit, seal, now = Date.now } = this.#options;
    // `none` is kept free, so that it can stand for none at all.
    if (!slug.safeParse(name).success || name === 'none') {
      throw new AccessError('invalid', 'A profile cannot have this name.', { param: 'name' });
    }
    const before = await this.#find(name);
    const sealed = sealSecrets(spec, before?.spec, seal);
    const after = { name, spec: sealed, updatedAt: now(), updatedBy: actor.name };
    await store.put(after);
    const changed = Object.keys(describeChanges(specOf(name, before) ?? {}, sealed));
    await audit.record(actor, 'profile.changed', name, { created: before === undefined, changed });
    await this.#reload();
    return show(name, after, sealed);
  }

  /** One that comes with the server is as it was at first. */
  async remove(name: string, actor: Actor): Promise<void> {
    const { store, audit } = this.#options;
    if (!(await store.remove(name))) {
      if (isDefaultName(name)) return;
      throw notFound();
    }
    await audit.record(actor, isDefaultName(name) ? 'profile.restored' : 'profile.deleted', name);
    await this.#reload();
  }

  async #find(name: string): Promise<StoredProfile | undefined> {
    return (await this.#options.store.list()).find((profile) => profile.name === name);
  }

  async #reload(): Promise<void> {
    this.#cache.forget();
    try {
      await this.#cache.get();
    } catch (error) {
      this.#options.onProblem('the profiles could not be read after a change', error);
    }
  }

  #build(stored: readonly StoredProfile[]): CurrentProfiles {
    const profiles = stored.map(({ name, spec }): [string, Profile] => {
      const opened = openSecrets(spec, this.#options.seal, (path) => {
        const cause = new Error('It was sealed with another secret of the server.');
        this.#options.onProblem(`the value of '${path}' of the profile '${name}' cannot be read`, cause);
      });
      return [name, toProfile(name, opened)];
    });
    return {
      agent: toProfile('agent', defaultSpecs.agent),
      model: toProfile('model', defaultSpecs.model),
      ...Object.fromEntries(profiles),
    };
  }
}

function specOf(name: string, stored: StoredProfile | undefined): ProfileSpec | undefined {
  return stored?.spec ?? (isDefaultName(name) ? defaultSpecs[name] : undefined);
}

/** Undefined where there is no such profile. */
function showProfile(name: string, stored: StoredProfile | undefined): ProfileEntry | undefined {
  const spec = specOf(name, stored);
  return spec && show(name, stored, spec);
}

function show(name: string, stored: StoredProfile | undefined, spec: ProfileSpec): ProfileEntry {
  return {
    ...maskSecrets(spec),
    name,
    origin: isDefaultName(name) ? (stored === undefined ? 'default' : 'changed') : 'own',
    updatedAt: stored?.updatedAt ?? null,
    updatedBy: stored?.updatedBy ?? null,
  };
}

function notFound(): AccessError {
  return new AccessError('not_found', 'There is no such profile.');
}
