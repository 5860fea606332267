import type { LiveSettings } from '../config/index.ts';
import type { LiveFeed, LoggerHandle } from '../observability/index.ts';
import type { Access } from './build-access.ts';

/** Tells the live feed of what changes in keys, profiles and settings, and of each line of the log. */
export function publishChanges(
  feed: Pick<LiveFeed, 'publish'>,
  { access, settings, log }: { access: Access; settings: LiveSettings; log: LoggerHandle },
): void {
  access.keys.onChange(({ type, key }) => {
    if (type === 'deleted') feed.publish('keys', { type: 'api_key_deleted', data: { id: key.id } });
    else {
      const told = type === 'created' ? 'api_key_created' : 'api_key_updated';
      feed.publish('keys', { type: told, data: key });
    }
  });
  const tellConfig = (names: readonly string[]): void =>
    feed.publish('config', { type: 'config_updated', data: { names: [...names] } });
  access.profiles.onChange((names) => tellConfig(names.map((name) => `profile:${name}`)));
  settings.onChange((_config, names) => tellConfig(names));
  log.onLine((line) => feed.publish('logs', { type: 'log_line', data: line }));
}
