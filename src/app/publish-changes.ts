import type { PendingApprovals } from '../access/index.ts';
import type { LiveSettings } from '../config/index.ts';
import type { LiveFeed, LoggerHandle } from '../observability/index.ts';
import type { Access } from './build-access.ts';

interface ChangeSources {
  readonly access: Access;
  readonly approvals: Pick<PendingApprovals, 'onChange'>;
  readonly settings: LiveSettings;
  readonly log: LoggerHandle;
}

/** Tells the live feed of what changes in keys, profiles and settings, of calls that wait for approval, and of each line of the log. */
export function publishChanges(
  feed: Pick<LiveFeed, 'publish'>,
  { access, approvals, settings, log }: ChangeSources,
): void {
  access.keys.onChange(({ type, key }) => {
    if (type === 'deleted') feed.publish('keys', { type: 'api_key_deleted', data: { id: key.id } });
    else {
      const told = type === 'created' ? 'api_key_created' : 'api_key_updated';
      feed.publish('keys', { type: told, data: key });
    }
  });
  approvals.onChange((change) => {
    if (change.type === 'ended') feed.publish('approvals', { type: 'approval_ended', data: change.outcome });
    else feed.publish('approvals', { type: 'approval_requested', data: change.approval });
  });
  const tellConfig = (names: readonly string[]): void =>
    feed.publish('config', { type: 'config_updated', data: { names: [...names] } });
  access.profiles.onChange((names) => tellConfig(names.map((name) => `profile:${name}`)));
  settings.onChange((_config, names) => tellConfig(names));
  log.onLine((line) => feed.publish('logs', { type: 'log_line', data: line }));
}
