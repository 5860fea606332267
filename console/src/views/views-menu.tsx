import { Bookmark, List, Plus, RefreshCw } from 'lucide-react';
import { useState } from 'react';
import type { View, ViewChange, ViewPage } from '../../../src/contract/index.ts';
import { usePaletteActions } from '../palette/palette-state.ts';
import { isPreset } from '../range/range.ts';
import { Button } from '../ui/button.tsx';
import { Menu, MenuItem, MenuLabel, MenuSeparator } from '../ui/menu.tsx';
import { OpenViewItems } from './open-view-items.tsx';
import { useDefaultView } from './use-default-view.ts';
import { useViews } from './use-views.ts';
import { ViewChoices } from './view-choices.tsx';
import { type Asked, ViewDialogs } from './view-dialogs.tsx';
import {
  isChanged,
  readView,
  showsAll,
  type ViewedSearch,
  type ViewReader,
  withView,
  writeView,
} from './view-search.ts';

interface ViewsMenuProps<Search extends ViewedSearch> extends ViewReader<Search> {
  readonly page: ViewPage;
  readonly search: Search;
  /** `replace`: the address so far is none to come back to. */
  readonly onSearch: (search: Search, replace: boolean) => void;
}

/** Filters of the page that were kept under names: open, save, change. Belongs into the page's toolbar. */
export function ViewsMenu<Search extends ViewedSearch>(props: ViewsMenuProps<Search>) {
  const { page, search, onSearch, ...reader } = props;
  const { query, views, changes } = useViews(page);
  const [asked, setAsked] = useState<Asked>();
  useDefaultView(page, query.data?.items, search, (view) => onSearch(readView(view, reader), true));
  const open = views.find(({ id }) => id === search.view);
  const kept = writeView(search, reader);
  const changed = open !== undefined && isChanged(search, open, reader);
  const canSave = kept !== '' && (open === undefined || changed);
  const canShowAll = kept !== '' || open !== undefined;
  const saveNew = (): void => setAsked({ what: 'save' });
  usePaletteActions(
    canSave ? [{ id: 'save-view', label: 'Save the filters as a view', icon: Bookmark, run: saveNew }] : [],
  );
  const change = ({ id }: View, body: ViewChange): void => changes.update.mutate({ params: { id }, body });
  const showAll = (): void => {
    const opensWithView = views.some(({ isDefault }) => isDefault);
    onSearch(reader.read(opensWithView ? { view: showsAll } : {}), false);
  };

  return (
    <>
      <Menu
        align="start"
        trigger={
          <Button icon={Bookmark} className="max-w-60">
            {open === undefined ? 'Views' : <OpenName name={open.name} changed={changed} />}
          </Button>
        }
      >
        {query.data === undefined ? (
          <NoViews failed={query.error !== null} onRetry={() => void query.refetch()} />
        ) : (
          <>
            {views.length === 0 && (
              <MenuLabel>
                {canSave ? 'No views yet.' : 'No views yet: choose filters, then save them here.'}
              </MenuLabel>
            )}
            <ViewChoices
              views={views}
              open={open?.id}
              onOpen={(view) => onSearch(readView(view, reader), false)}
            />
            {open !== undefined && (
              <OpenViewItems
                view={open}
                changed={changed}
                onSave={() => change(open, { search: kept })}
                onChange={(body) => change(open, body)}
                onRename={() => setAsked({ what: 'rename', view: open })}
                onDelete={() => setAsked({ what: 'delete', view: open })}
              />
            )}
            {(canSave || canShowAll) && <MenuSeparator />}
            {canSave && (
              <MenuItem icon={Plus} onSelect={saveNew}>
                Save as a new view…
              </MenuItem>
            )}
            {canShowAll && (
              <MenuItem icon={List} onSelect={showAll}>
                Show all
              </MenuItem>
            )}
          </>
        )}
      </Menu>
      {asked !== undefined && (
        <ViewDialogs
          asked={asked}
          page={page}
          kept={kept}
          isFixed={search.range !== undefined && !isPreset(search.range)}
          changes={changes}
          onSaved={({ id }) => onSearch(withView(search, id, reader), true)}
          onDeleted={() => onSearch(withView(search, undefined, reader), true)}
          onClose={() => setAsked(undefined)}
        />
      )}
    </>
  );
}

interface NoViewsProps {
  readonly failed: boolean;
  readonly onRetry: () => void;
}

function NoViews({ failed, onRetry }: NoViewsProps) {
  if (!failed) return <MenuLabel>Loading the views…</MenuLabel>;
  return (
    <>
      <MenuLabel>The views could not be loaded.</MenuLabel>
      <MenuItem icon={RefreshCw} onSelect={onRetry}>
        Try again
      </MenuItem>
    </>
  );
}

function OpenName({ name, changed }: { readonly name: string; readonly changed: boolean }) {
  return (
    <>
      <span className="sr-only">View:</span>
      <span className="min-w-0 truncate">{name}</span>
      {changed && (
        <span className="size-1.5 shrink-0 rounded-full bg-accent">
          <span className="sr-only">, changed</span>
        </span>
      )}
    </>
  );
}
