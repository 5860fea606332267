import type { Config } from '../../config/index.ts';
import type { Check } from '../../contract/index.ts';

export interface ExposureFacts {
  readonly config: Config;
  /** API keys that would be let in now. */
  readonly usableKeys: number;
  /** Names of console users who have not changed their first password. */
  readonly unchangedUsers: readonly string[];
}

/** Who could use the server. */
export function checkExposure({ config, usableKeys, unchangedUsers }: ExposureFacts): Check[] {
  const { server, access } = config;
  const reach = server.loopback ? 'only this machine' : `whoever reaches ${server.host}`;
  const keys: Check = access.apiKeyRequired
    ? {
        name: 'API keys',
        status: usableKeys > 0 ? 'ok' : 'warning',
        message: `Required; ${usableKeys === 0 ? 'there is none yet' : `${usableKeys} can be used`}. Open to ${reach}.`,
        hint: usableKeys > 0 ? null : 'Make one: claudecode-api keys create --name "my key"',
      }
    : {
        name: 'API keys',
        status: 'ok',
        message: `Not required: ${reach} may use the agent without one.`,
        hint: 'To share the server, set OPENAI_API_KEY_REQUIRED=true and make keys.',
      };
  const password: Check =
    unchangedUsers.length > 0
      ? {
          name: 'Console passwords',
          status: 'warning',
          message: `The first password is not yet changed by: ${unchangedUsers.join(', ')}.`,
          hint: 'Sign in at /webui and change it.',
        }
      : { name: 'Console passwords', status: 'ok', message: 'No first password is in use.', hint: null };
  return [keys, password];
}
