import type { twoFactorEndpoints } from '../../../contract/index.ts';
import type { OwnTwoFactor } from '../../console/console-services.ts';
import type { HandlersOf } from '../../console/handle-endpoint.ts';

export function twoFactorHandlers(twoFactor: OwnTwoFactor): HandlersOf<typeof twoFactorEndpoints> {
  return {
    getTwoFactor: ({ session }) => twoFactor.describe(session),
    beginTwoFactor: ({ session, body, visitor }) => twoFactor.begin(session, body.password, visitor),
    turnOnTwoFactor: async ({ session, body, visitor }) => ({
      recoveryCodes: await twoFactor.turnOn(session, body, visitor),
    }),
    turnOffTwoFactor: ({ session, body, visitor }) => twoFactor.turnOff(session, body, visitor),
    renewRecoveryCodes: async ({ session, body, visitor }) => ({
      recoveryCodes: await twoFactor.renewRecoveryCodes(session, body, visitor),
    }),
  };
}
