import { Pencil, Save, Trash2 } from 'lucide-react';
import type { View, ViewChange } from '../../../src/contract/index.ts';
import { useSession } from '../session/use-session.ts';
import { MenuCheck, MenuItem, MenuLabel, MenuSeparator } from '../ui/menu.tsx';

interface OpenViewItemsProps {
  readonly view: View;
  /** The filters are others than the view's. */
  readonly changed: boolean;
  readonly onSave: () => void;
  readonly onChange: (change: ViewChange) => void;
  readonly onRename: () => void;
  readonly onDelete: () => void;
}

/** What can be done with the view that is open: with somebody else's, use it. */
export function OpenViewItems({ view, changed, onSave, onChange, onRename, onDelete }: OpenViewItemsProps) {
  const { isAdmin } = useSession();
  const { own, shared, isDefault } = view;
  return (
    <>
      <MenuSeparator />
      <MenuLabel>This view</MenuLabel>
      {own && changed && (
        <MenuItem icon={Save} onSelect={onSave}>
          Save changes to this view
        </MenuItem>
      )}
      <MenuCheck checked={isDefault} onChange={(next) => onChange({ isDefault: next })}>
        Open this page with it
      </MenuCheck>
      {own && (isAdmin || shared) && (
        <MenuCheck checked={shared} onChange={(next) => onChange({ shared: next })}>
          Share with everybody
        </MenuCheck>
      )}
      {own && (
        <MenuItem icon={Pencil} onSelect={onRename}>
          Rename…
        </MenuItem>
      )}
      {own && (
        <MenuItem icon={Trash2} danger onSelect={onDelete}>
          Delete…
        </MenuItem>
      )}
    </>
  );
}
