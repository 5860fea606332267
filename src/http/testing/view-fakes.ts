import { AccessError, type Actor } from '../../access/index.ts';
import type { View } from '../../contract/index.ts';
import type { ViewAdministration } from '../console/view-services.ts';

/** One view, `view_1`, of whoever asks. */
export function createFakeViews(note: (what: string, actor: Actor) => void): ViewAdministration {
  const find = (id: string): void => {
    if (id !== 'view_1') throw new AccessError('not_found', 'There is no such view.');
  };
  return {
    list: async ({ userId }, page) =>
      page === undefined || page === 'records' ? [{ ...view, owner: userId }] : [],
    async create(created, { userId }, actor) {
      note(`save ${created.name}`, actor);
      return { ...view, ...created, owner: userId };
    },
    async update(id, { name = view.name }, { userId }, actor) {
      find(id);
      note(`change ${id}`, actor);
      return { ...view, name, owner: userId };
    },
    async remove(id, _caller, actor) {
      find(id);
      note(`delete ${id}`, actor);
    },
  };
}

const view: View = {
  id: 'view_1',
  page: 'records',
  name: 'Failed today',
  search: 'status=error&range=24h',
  shared: false,
  own: true,
  owner: 'admin',
  isDefault: false,
  createdAt: 1,
  updatedAt: 1,
};
