import type { View, ViewChange, ViewPage } from '../../../src/contract/index.ts';
import { useApi } from '../api/use-api.ts';
import { useChange } from '../api/use-change.ts';
import { changeViews } from './change-views.ts';

const none: readonly never[] = [];
const invalidates = ['listViews'] as const;

/** The views of a page, own and shared ones, and what can be done with them. */
export function useViews(page: ViewPage) {
  const query = useApi('listViews', {}, { staleTime: 60_000 });
  const views: readonly View[] = query.data?.items.filter((view) => view.page === page) ?? none;
  const create = useChange('createView', {
    invalidates,
    errorToast: false,
    success: ({ name }) => `The view “${name}” is saved`,
  });
  const update = useChange('updateView', {
    invalidates,
    optimistic: ({ params, body }, shown) =>
      shown.update('listViews', ({ items }) => ({ items: changeViews(items, params.id, body) })),
    success: (view, { body }) => sentence(view, body),
  });
  const rename = useChange('updateView', {
    invalidates,
    errorToast: false,
    success: ({ name }) => `The view is called “${name}” now`,
  });
  const remove = useChange('deleteView', {
    invalidates,
    errorToast: false,
    optimistic: ({ params }, shown) =>
      shown.update('listViews', ({ items }) => ({ items: items.filter(({ id }) => id !== params.id) })),
    success: 'The view is deleted',
  });
  return { query, views, changes: { create, update, rename, remove } };
}

export type ViewChanges = ReturnType<typeof useViews>['changes'];

function sentence({ name }: View, { search, shared, isDefault }: ViewChange): string {
  if (search !== undefined) return `The view “${name}” is saved`;
  if (shared !== undefined)
    return shared ? `Everybody finds “${name}” now` : `“${name}” is yours alone again`;
  return isDefault === true
    ? `The page opens with “${name}” from now on`
    : 'The page opens with everything again';
}
