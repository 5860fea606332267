import type { View, ViewChange } from '../../../src/contract/index.ts';

/** The views once one of them is changed: of those of a page, at most one opens it. */
export function changeViews(views: readonly View[], id: string, change: ViewChange): View[] {
  const { name, search, shared, isDefault } = change;
  const page = views.find((view) => view.id === id)?.page;
  return views.map((view) => {
    if (view.id !== id)
      return isDefault === true && view.page === page ? { ...view, isDefault: false } : view;
    return {
      ...view,
      name: name ?? view.name,
      search: search ?? view.search,
      shared: shared ?? view.shared,
      isDefault: isDefault ?? view.isDefault,
    };
  });
}
