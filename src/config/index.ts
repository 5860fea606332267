export { hasCredentialInEnvironment } from './claude-credential.ts';
export type { Config } from './config.ts';
export { ConfigError } from './config-error.ts';
export { engineEnvironment } from './engine-environment.ts';
export { LiveSettings } from './live/live-settings.ts';
export type * from './live/settings-store.ts';
export type { StartEnvironment } from './live/start-environment.ts';
export { loadEnvFile } from './load-env-file.ts';
export { readConfig } from './read-config.ts';
