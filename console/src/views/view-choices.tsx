import { Star } from 'lucide-react';
import type { View } from '../../../src/contract/index.ts';
import { MenuChoice } from '../ui/menu.tsx';

interface ViewChoicesProps {
  readonly views: readonly View[];
  /** The id of the open view. */
  readonly open: string | undefined;
  readonly onOpen: (view: View) => void;
}

/** The views of a page in its menu: the own ones, then those of others. */
export function ViewChoices({ views, open, onOpen }: ViewChoicesProps) {
  const groups = [
    { label: 'Your views', views: views.filter(({ own }) => own) },
    { label: 'Shared with you', views: views.filter(({ own }) => !own) },
  ].filter((group) => group.views.length > 0);
  const choose = (id: string): void => {
    const view = views.find((one) => one.id === id);
    if (view !== undefined) onOpen(view);
  };
  return groups.map((group) => (
    <MenuChoice
      key={group.label}
      label={group.label}
      value={open ?? ''}
      options={group.views.map((view) => ({ value: view.id, label: <Choice view={view} /> }))}
      onChange={choose}
    />
  ));
}

function Choice({ view: { name, owner, own, shared, isDefault } }: { readonly view: View }) {
  return (
    <span className="flex min-w-0 flex-1 items-center gap-2">
      <span className="max-w-52 min-w-0 truncate">{name}</span>
      {isDefault && <Star className="size-3.5 shrink-0 text-accent" role="img" aria-label="opens the page" />}
      {shared && (
        <span className="ml-auto max-w-32 truncate pl-2 text-xs text-faint">
          {own ? 'shared' : `shared by ${owner}`}
        </span>
      )}
    </span>
  );
}
