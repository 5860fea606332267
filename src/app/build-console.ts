import { AccessError, type PendingApprovals, type ShareLinks } from '../access/index.ts';
import { version } from '../config/index.ts';
import type { Check } from '../contract/index.ts';
import type { Engine } from '../engine/index.ts';
import type { ConsoleServices } from '../http/index.ts';
import type { LoggerHandle } from '../observability/index.ts';
import type { RecordStore } from '../storage/index.ts';
import type { ConversationAdministrator } from './administer-conversations.ts';
import type { SettingsAdministrator } from './administer-settings.ts';
import type { WorkspaceAdministrator } from './administer-workspaces.ts';
import type { Access } from './build-access.ts';
import type { Recording } from './build-recording.ts';

export interface ConsoleParts {
  readonly access: Access;
  readonly settings: SettingsAdministrator;
  readonly records: RecordStore;
  readonly recording: Recording;
  readonly approvals: PendingApprovals;
  readonly shares: ShareLinks;
  readonly workspaces: WorkspaceAdministrator;
  readonly conversations: ConversationAdministrator;
  readonly rollBack: Engine['rollBack'];
  readonly log: LoggerHandle;
  readonly checks: () => Promise<Check[]>;
  /** Some sessions may have ended: whoever holds a connection open should look. */
  readonly onSessionsEnded: () => void;
}

const nothingKept =
  'There is nothing to put back: the agent of this run changed no file by its file tools, or that was too long ago, or ' +
  'on another server.';
const stillRunning = 'The run is under way; stop it or wait for its end.';

/** What the console's routes work with. */
export function buildConsole({
  access,
  settings,
  records,
  recording,
  approvals,
  shares,
  workspaces,
  conversations,
  rollBack,
  log,
  checks,
  onSessionsEnded,
}: ConsoleParts): ConsoleServices {
  const { signIn, twoFactor, users, keys, profiles, views, audit, budgetAlerts } = access;
  const { runs, buffer, sampler } = recording;
  const thenLook = async <Result>(change: Promise<Result>): Promise<Result> => {
    const result = await change;
    onSessionsEnded();
    return result;
  };
  return {
    sessions: {
      signIn: (...input) => signIn.signIn(...input),
      confirm: (...input) => signIn.confirm(...input),
      resume: (...input) => signIn.resume(...input),
      list: (...input) => signIn.list(...input),
      signOut: (...input) => thenLook(signIn.signOut(...input)),
      changePassword: (...input) => thenLook(signIn.changePassword(...input)),
      revoke: (...input) => thenLook(signIn.revoke(...input)),
    },
    twoFactor: {
      describe: (...input) => twoFactor.describe(...input),
      begin: (...input) => twoFactor.begin(...input),
      turnOn: (...input) => thenLook(twoFactor.turnOn(...input)),
      turnOff: (...input) => thenLook(twoFactor.turnOff(...input)),
      renewRecoveryCodes: (...input) => twoFactor.renewRecoveryCodes(...input),
    },
    users: {
      list: () => users.list(),
      create: (...input) => users.create(...input),
      update: (...input) => thenLook(users.update(...input)),
      resetPassword: (...input) => thenLook(users.resetPassword(...input)),
      resetTwoFactor: (...input) => thenLook(users.resetTwoFactor(...input)),
      remove: (...input) => thenLook(users.remove(...input)),
    },
    keys,
    profiles,
    settings: {
      describe: () => settings.describe(),
      change: (...input) => settings.change(...input),
      history: () => settings.history(),
      testBudgetWebhook: (actor) => budgetAlerts.test(actor),
    },
    audit,
    records: {
      list: (filter, page) => records.list(filter, page),
      all: (filter) => records.all(filter),
      get: (id) => records.get(id),
      detail: (id) => records.detail(id),
      stats: (query) => records.stats(query),
      status: async () => {
        return { ...buffer.status(), ...(await records.storedStatus()) };
      },
    },
    runs: {
      list: () => runs.list(),
      get: (id) => runs.get(id),
      stop: async (id, actor) => {
        const stopped = await runs.stop(id);
        if (stopped !== null) await audit.record(actor, 'run.stopped', id);
        return stopped;
      },
      rollBack: async (id, options, actor) => {
        if (runs.get(id) !== null) return { done: false, files: [], reason: stillRunning };
        const result = await rollBack(id, options);
        if (result === null) {
          if ((await records.get(id)) === null)
            throw new AccessError('not_found', `There is no record '${id}'.`, { param: 'id' });
          return { done: false, files: [], reason: nothingKept };
        }
        if (result.done) await audit.record(actor, 'run.rolled_back', id, { files: result.files.length });
        return { ...result, files: [...result.files] };
      },
    },
    approvals,
    shares,
    workspaces,
    conversations,
    views,
    system: {
      version,
      checks,
      metrics: () => sampler.current(),
      logTail: () => log.tail(),
    },
  };
}
