import {
  type AuditEntry,
  newPassword,
  type Role,
  type User,
  username as usernameSchema,
} from '../../contract/index.ts';
import { AccessError } from '../access-error.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import { newId } from '../new-id.ts';
import type { PasswordHasher } from '../passwords/password-hasher.ts';
import type { Actor, SessionStore, StoredUser, TwoFactorStore, UserStore } from '../ports.ts';

export interface UsersOptions {
  readonly users: UserStore;
  readonly sessions: Pick<SessionStore, 'removeOfUser'>;
  readonly twoFactor: Pick<TwoFactorStore, 'turnOff'>;
  readonly audit: AuditLog;
  readonly hasher: PasswordHasher;
  /** Milliseconds since 1970; the system's clock unless a test gives another. */
  readonly now?: () => number;
}

interface NewUser {
  readonly username: string;
  readonly password: string;
  readonly role: Role;
}

const serverItself: Actor = { name: 'server', address: null };

/** Who may sign in to the console. */
export class Users {
  readonly #options: UsersOptions;

  constructor(options: UsersOptions) {
    this.#options = options;
  }

  async list(): Promise<User[]> {
    return (await this.#options.users.list()).map(showUser);
  }

  /**
   * The user must change the password at the first sign-in.
   * @throws AccessError `conflict` where the name is taken, `invalid` for a name or a password that does not do.
   */
  async create(user: NewUser, actor: Actor): Promise<User> {
    const created = await this.#add(user, actor);
    if (created !== undefined) return created;
    throw new AccessError('conflict', `There is a user '${user.username}' already.`, { param: 'username' });
  }

  /**
   * The user `admin`, on a server without users; of servers that start at once, one makes it.
   * @returns whether this call has made it.
   */
  async ensureFirstUser({ password }: { readonly password: string }): Promise<boolean> {
    if ((await this.#options.users.list()).length > 0) return false;
    return (await this.#add({ username: 'admin', password, role: 'admin' }, serverItself)) !== undefined;
  }

  /** @throws AccessError `conflict` where no active admin would be left. */
  async update(
    id: string,
    change: { readonly role?: Role | undefined; readonly active?: boolean | undefined },
    actor: Actor,
  ): Promise<User> {
    const { role, active } = change;
    const given = { ...(role !== undefined && { role }), ...(active !== undefined && { active }) };
    const after = existing(await this.#options.users.update(id, given));
    if (!after.active) await this.#options.sessions.removeOfUser(id);
    await this.#record(actor, 'user.updated', after, given);
    return showUser(after);
  }

  /** The user must change it at the next sign-in; the user's sessions end. */
  async resetPassword(id: string, password: string, actor: Actor): Promise<User> {
    const passwordHash = await this.#hash(password);
    const change = { passwordHash, mustChangePassword: true };
    const after = existing(await this.#options.users.update(id, change));
    await this.#options.sessions.removeOfUser(id);
    await this.#record(actor, 'user.password_reset', after);
    return showUser(after);
  }

  /**
   * Takes two-factor sign-in off, for who has lost app and recovery codes; the user's sessions end.
   * @throws AccessError `conflict` where it is off, or an admin means the own account: that takes a code.
   */
  async resetTwoFactor(id: string, actor: Actor): Promise<User> {
    const { users, sessions, twoFactor } = this.#options;
    const before = existing(await users.get(id));
    if (before.username === actor.name) {
      throw new AccessError('conflict', 'Turn your own off on your account page, with a code.');
    }
    if (!(await twoFactor.turnOff(id))) {
      throw new AccessError('conflict', `'${before.username}' has no two-factor sign-in.`);
    }
    await sessions.removeOfUser(id);
    await this.#record(actor, 'user.two_factor_reset', before);
    return showUser(existing(await users.get(id)));
  }

  /** @throws AccessError `conflict` where no active admin would be left. */
  async remove(id: string, actor: Actor): Promise<void> {
    const { users, sessions } = this.#options;
    const user = existing(await users.get(id));
    const removed = await users.remove(id);
    if (removed === 'last_admin') throw lastAdmin();
    if (!removed) throw notFound();
    await sessions.removeOfUser(id);
    await this.#record(actor, 'user.deleted', user, { role: user.role });
  }

  /** Undefined where the name is taken. */
  async #add({ username, password, role }: NewUser, actor: Actor): Promise<User | undefined> {
    const { users, now = Date.now } = this.#options;
    const name = usernameSchema.safeParse(username.normalize('NFC'));
    if (!name.success) throw invalid('username', name.error.issues[0]?.message);
    const user: StoredUser = {
      id: newId('user_'),
      username: name.data,
      passwordHash: await this.#hash(password),
      role,
      active: true,
      mustChangePassword: true,
      createdAt: now(),
      lastSignInAt: null,
      twoFactorSince: null,
    };
    if (!(await users.create(user))) return undefined;
    await this.#record(actor, 'user.created', user, { role });
    return showUser(user);
  }

  async #hash(password: string): Promise<string> {
    const checked = newPassword.safeParse(password);
    if (!checked.success) throw invalid('password', checked.error.issues[0]?.message);
    return this.#options.hasher.hash(checked.data);
  }

  #record(actor: Actor, action: string, user: StoredUser, details?: AuditEntry['details']): Promise<void> {
    return this.#options.audit.record(actor, action, user.username, details);
  }
}

function showUser(user: StoredUser): User {
  const { id, username, role, active, mustChangePassword, createdAt, lastSignInAt } = user;
  const twoFactor = user.twoFactorSince !== null;
  return { id, username, role, active, mustChangePassword, twoFactor, createdAt, lastSignInAt };
}

function existing(user: StoredUser | 'last_admin' | null): StoredUser {
  if (user === null) throw notFound();
  if (user === 'last_admin') throw lastAdmin();
  return user;
}

function invalid(param: string, problem: string | undefined): AccessError {
  return new AccessError('invalid', `The ${param} does not do: ${problem ?? 'it is invalid'}.`, { param });
}

function lastAdmin(): AccessError {
  return new AccessError('conflict', 'This is the last active admin.');
}

function notFound(): AccessError {
  return new AccessError('not_found', 'There is no such user.');
}
