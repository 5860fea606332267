import type { viewEndpoints } from '../../../contract/index.ts';
import type { HandlersOf } from '../../console/handle-endpoint.ts';
import type { ViewAdministration } from '../../console/view-services.ts';

export function viewHandlers(views: ViewAdministration): HandlersOf<typeof viewEndpoints> {
  return {
    listViews: async ({ session, query }) => ({ items: await views.list(session, query.page) }),
    createView: ({ body, session, actor }) => views.create(body, session, actor),
    updateView: ({ params, body, session, actor }) => views.update(params.id, body, session, actor),
    deleteView: ({ params, session, actor }) => views.remove(params.id, session, actor),
  };
}
