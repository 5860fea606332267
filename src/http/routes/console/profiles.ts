import type { profileEndpoints } from '../../../contract/index.ts';
import type { ProfileAdministration } from '../../console/console-services.ts';
import type { HandlersOf } from '../../console/handle-endpoint.ts';

export function profileHandlers(profiles: ProfileAdministration): HandlersOf<typeof profileEndpoints> {
  return {
    listProfiles: async () => ({ items: await profiles.list() }),
    getProfile: ({ params }) => profiles.get(params.name),
    putProfile: ({ params, body, actor }) => profiles.put(params.name, body, actor),
    deleteProfile: ({ params, actor }) => profiles.remove(params.name, actor),
  };
}
