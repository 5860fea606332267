import type { userEndpoints } from '../../../contract/index.ts';
import type { UserAdministration } from '../../console/console-services.ts';
import type { HandlersOf } from '../../console/handle-endpoint.ts';

export function userHandlers(users: UserAdministration): HandlersOf<typeof userEndpoints> {
  return {
    listUsers: async () => ({ items: await users.list() }),
    createUser: ({ body, actor }) => users.create(body, actor),
    updateUser: ({ params, body, actor }) => users.update(params.id, body, actor),
    resetPassword: ({ params, body, actor }) => users.resetPassword(params.id, body.password, actor),
    resetTwoFactor: ({ params, actor }) => users.resetTwoFactor(params.id, actor),
    deleteUser: ({ params, actor }) => users.remove(params.id, actor),
  };
}
