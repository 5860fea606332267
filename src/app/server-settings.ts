import type { Config, LiveSettings } from '../config/index.ts';

/** What an answer tells of the files that the agent made. */
export function fileDelivery({ files }: Config) {
  const { delivery: mode, inlineMaxBytes, inlineTotalMaxBytes } = files;
  return { mode, inlineMaxBytes, inlineTotalMaxBytes };
}

/** Who may call, as one object that stays the same while the settings do. */
export function accessSettings(settings: LiveSettings) {
  const read = ({ server, access }: Config) => ({
    corsOrigins: server.corsOrigins,
    apiKeyRequired: access.apiKeyRequired,
  });
  let now = read(settings.config);
  settings.onChange((config) => {
    now = read(config);
  });
  return () => now;
}
