import { randomBytes } from 'node:crypto';
import { AccessError, type Actor } from '../../access/index.ts';
import {
  type ApiKeyWithUsage,
  allKeyPermissions,
  keyLimits,
  keyPermissions,
  type NewKey,
  noKeyLimits,
  type ProfileEntry,
  profileSpec,
  type RequestRecord,
  type User,
} from '../../contract/index.ts';
import type { ConsoleServices, SignedIn } from '../console/console-services.ts';
import { createFakeConversations, createFakeWorkspaces } from './browsing-fakes.ts';
import { activeRunOf, emptyStats, quietMetrics, recordOf } from './console-samples.ts';
import { createFakeShares } from './share-fakes.ts';
import { createFakeViews } from './view-fakes.ts';

/** Everything in memory. What was done to it is written down. */
export interface FakeConsole extends ConsoleServices {
  /** Each change, as `what by whom from where`. */
  readonly done: string[];
  readonly openSessions: ReadonlyMap<string, SignedIn>;
  /** Records for the export; pages are made as they are asked for. */
  exported: () => AsyncIterable<readonly RequestRecord[]>;
  /** Back to how it was at first, with nobody signed in. */
  reset(): void;
}

/** One user of each kind; a password is the name and `-password`. */
export const people = {
  admin: { role: 'admin', mustChangePassword: false },
  viewer: { role: 'viewer', mustChangePassword: false },
  fresh: { role: 'admin', mustChangePassword: true },
  /** Has to set up two-factor sign-in. */
  bare: { role: 'admin', mustChangePassword: false },
} as const;
export type Person = keyof typeof people;
const names: readonly Person[] = ['admin', 'viewer', 'fresh', 'bare'];

export function createFakeConsole(): FakeConsole {
  const done: string[] = [];
  const openSessions = new Map<string, SignedIn>();
  const users = new Map<string, User>();
  const keys = new Map<string, ApiKeyWithUsage>();
  const profiles = new Map<string, ProfileEntry>();
  const runs = new Map([['run_1', activeRunOf('run_1')]]);
  const reset = (): void => {
    done.length = 0;
    for (const things of [openSessions, users, keys, profiles]) things.clear();
    for (const name of names) users.set(name, userOf(name));
    keys.set('key_1', keyOf('key_1', { name: 'first' }));
    profiles.set('agent', profileOf('agent'));
  };
  reset();

  const note = (what: string, { name, address }: Actor): void => {
    done.push(`${what} by ${name} from ${address}`);
  };
  const find = <Thing>(things: ReadonlyMap<string, Thing>, id: string): Thing => {
    const thing = things.get(id);
    if (thing === undefined) throw new AccessError('not_found', `There is no '${id}'.`);
    return thing;
  };
  const begin = (username: string): { token: string; session: SignedIn } => {
    const { role, mustChangePassword } = find(users, username);
    const session: SignedIn = {
      sessionId: `session_${openSessions.size}`,
      userId: username,
      username,
      role,
      mustChangePassword,
      mustSetUpTwoFactor: username === 'bare',
      csrfSecret: randomBytes(18).toString('base64url'),
      idleExpiresAt: Date.now() + 60_000,
      expiresAt: Date.now() + 3_600_000,
    };
    const token = randomBytes(32).toString('base64url');
    openSessions.set(token, session);
    return { token, session };
  };
  const end = (fits: (session: SignedIn) => boolean): number => {
    const ended = [...openSessions].filter(([, session]) => fits(session));
    for (const [token] of ended) openSessions.delete(token);
    return ended.length;
  };

  const fake: FakeConsole = {
    done,
    openSessions,
    async *exported() {
      yield [recordOf('req_1')];
    },
    reset,
    sessions: {
      async signIn({ username, password }) {
        if (!users.has(username) || password !== `${username}-password`)
          throw new AccessError('invalid_credentials', 'User name or password is wrong.');
        return begin(username);
      },
      async confirm({ challenge }) {
        return { ...begin(challenge), recoveryCodesLeft: null };
      },
      async resume(token) {
        const session = openSessions.get(token ?? '');
        if (session === undefined) throw new AccessError('no_session', 'Sign in first.');
        return session;
      },
      async signOut({ sessionId }) {
        end((session) => session.sessionId === sessionId);
      },
      async changePassword({ username }, { currentPassword }) {
        if (currentPassword !== `${username}-password`)
          throw new AccessError('invalid_credentials', 'The password is wrong.');
        end((session) => session.username === username);
        users.set(username, { ...find(users, username), mustChangePassword: false });
        return begin(username);
      },
      list: async (own) =>
        [...openSessions.values()]
          .filter(({ username }) => own.role === 'admin' || username === own.username)
          .map(({ sessionId, username, expiresAt }) => ({
            id: sessionId,
            username,
            createdAt: 1,
            lastSeenAt: 1,
            expiresAt,
            address: '127.0.0.1',
            client: 'test',
            current: sessionId === own.sessionId,
          })),
      async revoke(own, id) {
        const fits = ({ sessionId, username }: SignedIn): boolean =>
          sessionId === id && (own.role === 'admin' || own.username === username);
        if (end(fits) === 0) throw new AccessError('not_found', `There is no session '${id}'.`);
      },
    },
    twoFactor: {
      describe: async () => ({ since: null, recoveryCodesLeft: 0, required: false }),
      begin: async () => ({ setup: 'setup', secret: 'SECRET', uri: 'otpauth://totp/x', expiresAt: 1 }),
      async turnOn({ username }, _confirmation, { address }) {
        note('turn on', { name: username, address });
        return ['a-code'];
      },
      async turnOff({ username }, _proof, { address }) {
        note('turn off', { name: username, address });
      },
      async renewRecoveryCodes({ username }, _proof, { address }) {
        note('renew recovery codes', { name: username, address });
        return ['a-code'];
      },
    },
    users: {
      list: async () => [...users.values()],
      async create({ username, role }, actor) {
        if (users.has(username))
          throw new AccessError('conflict', 'The name is taken.', { param: 'username' });
        note(`create ${username}`, actor);
        const user = { ...userOf('viewer'), id: username, username, role };
        users.set(username, user);
        return user;
      },
      async update(id, { role, active }, actor) {
        const user = find(users, id);
        note(`update ${id}`, actor);
        return { ...user, role: role ?? user.role, active: active ?? user.active };
      },
      async resetPassword(id, _password, actor) {
        const user = find(users, id);
        note(`reset ${id}`, actor);
        return { ...user, mustChangePassword: true };
      },
      async resetTwoFactor(id, actor) {
        const user = find(users, id);
        note(`reset two-factor of ${id}`, actor);
        return user;
      },
      async remove(id, actor) {
        find(users, id);
        users.delete(id);
        note(`remove ${id}`, actor);
      },
    },
    keys: {
      list: async () => [...keys.values()],
      get: async (id) => find(keys, id),
      async create(key, actor) {
        note(`create ${key.name}`, actor);
        const created = keyOf(`key_${keys.size + 1}`, key);
        keys.set(created.id, created);
        return { key: created, secret: 'sk-shown-once' };
      },
      async update(id, { limits, permissions, name, active }, actor) {
        const key = find(keys, id);
        note(`update ${id}`, actor);
        return {
          ...key,
          name: name ?? key.name,
          active: active ?? key.active,
          limits: keyLimits.parse({ ...key.limits, ...limits }),
          permissions: keyPermissions.parse({ ...key.permissions, ...permissions }),
        };
      },
      async rotate(id, graceSeconds, actor) {
        const key = find(keys, id);
        note(`rotate ${id} with ${graceSeconds} s`, actor);
        return { key, secret: 'sk-shown-once' };
      },
      async resetSpending(id, actor) {
        const key = find(keys, id);
        note(`reset the spending of ${id}`, actor);
        return key;
      },
      async remove(id, actor) {
        find(keys, id);
        keys.delete(id);
        note(`remove ${id}`, actor);
      },
    },
    profiles: {
      list: async () => [...profiles.values()],
      get: async (name) => find(profiles, name),
      async put(name, spec, actor) {
        note(`put ${name}`, actor);
        const profile: ProfileEntry = { ...profileOf(name), ...spec };
        profiles.set(name, profile);
        return profile;
      },
      async remove(name, actor) {
        find(profiles, name);
        profiles.delete(name);
        note(`remove ${name}`, actor);
      },
    },
    settings: {
      describe: () => ({ settings: [], startup: [] }),
      async change(changes, actor) {
        const [name] = Object.keys(changes);
        if (name !== undefined && name !== 'LOG_LEVEL')
          throw new AccessError('invalid', `There is no setting '${name}'.`, { param: name });
        note(`set ${name}`, actor);
        return [];
      },
      history: async () => [],
      async testBudgetWebhook(actor) {
        note('test the budget webhook', actor);
        return { delivered: true, status: 204, problem: null };
      },
    },
    audit: { list: async () => ({ items: [], nextCursor: null }) },
    records: {
      list: async () => ({ items: [recordOf('req_1')], nextCursor: null, searchedTo: null }),
      all: () => fake.exported(),
      get: async (id) => (id === 'req_1' ? recordOf(id) : null),
      detail: async (id) =>
        id === 'req_1'
          ? {
              ...{ level: 'full', requestHeaders: null, responseHeaders: null, request: {}, response: {} },
              ...{ timeline: [], truncated: false },
            }
          : null,
      stats: async (query) => emptyStats(query),
      status: async () => ({
        waiting: 0,
        written: 1,
        dropped: 0,
        droppedDetails: 0,
        lastError: null,
        storedRows: 1,
        storedDetailBytes: 0,
        oldestAt: null,
      }),
    },
    runs: {
      list: () => [...runs.values()],
      get(id) {
        const run = runs.get(id);
        return run === undefined ? null : { run, timeline: [], seq: 0 };
      },
      async stop(id, actor) {
        const run = runs.get(id);
        if (run === undefined) return null;
        note(`stop ${id}`, actor);
        return { ...run, state: 'stopping' };
      },
      async rollBack(id, { dryRun }, actor) {
        find(runs, id);
        if (!dryRun) note(`roll back ${id}`, actor);
        return { done: !dryRun, files: ['a.txt'], reason: null };
      },
    },
    approvals: {
      list: () => [],
      async answer(id, { decision }, actor) {
        if (id !== 'appr_1') throw new AccessError('not_found', `No call '${id}' waits for approval.`);
        note(`${decision} ${id}`, actor);
        return { id, runId: 'run_1', outcome: decision, by: actor.name };
      },
    },
    workspaces: createFakeWorkspaces(note),
    conversations: createFakeConversations(note),
    shares: createFakeShares(note),
    views: createFakeViews(note),
    system: {
      version: '1.2.3',
      checks: async () => [],
      metrics: () => quietMetrics,
      logTail: () => [{ msg: 'a line' }],
    },
  };
  return fake;
}

function userOf(name: Person): User {
  return {
    ...people[name],
    id: name,
    username: name,
    twoFactor: false,
    active: true,
    createdAt: 1,
    lastSignInAt: null,
  };
}

function keyOf(id: string, key: Partial<NewKey> & Pick<NewKey, 'name'>): ApiKeyWithUsage {
  return {
    id,
    name: key.name,
    description: key.description ?? '',
    owner: key.owner ?? '',
    tags: key.tags ?? [],
    prefix: 'sk-abc',
    active: true,
    state: 'active',
    createdAt: 1,
    createdBy: 'admin',
    expiresAt: key.expiresAt ?? null,
    lastUsedAt: null,
    rotatedAt: null,
    previousValidUntil: null,
    spendingResetAt: null,
    limits: keyLimits.parse({ ...noKeyLimits, ...key.limits }),
    permissions: keyPermissions.parse({ ...allKeyPermissions, ...key.permissions }),
    usage: {
      tokensToday: 0,
      tokensThisMonth: 0,
      costUsdToday: 0,
      costUsdThisMonth: 0,
      requestsToday: 0,
      requestsThisMonth: 0,
    },
  };
}

function profileOf(name: string): ProfileEntry {
  return { ...profileSpec.parse({}), name, origin: 'own', updatedAt: null, updatedBy: null };
}
