import type { keyEndpoints } from '../../../contract/index.ts';
import type { KeyAdministration } from '../../console/console-services.ts';
import type { HandlersOf } from '../../console/handle-endpoint.ts';

export function keyHandlers(keys: KeyAdministration): HandlersOf<typeof keyEndpoints> {
  return {
    listKeys: async () => ({ items: await keys.list() }),
    getKey: ({ params }) => keys.get(params.id),
    createKey: ({ body, actor }) => keys.create(body, actor),
    updateKey: ({ params, body, actor }) => keys.update(params.id, body, actor),
    rotateKey: ({ params, body, actor }) => keys.rotate(params.id, body.graceSeconds, actor),
    resetKeySpending: ({ params, actor }) => keys.resetSpending(params.id, actor),
    deleteKey: ({ params, actor }) => keys.remove(params.id, actor),
  };
}
