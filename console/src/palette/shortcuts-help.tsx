import { navItemsFor } from '../layout/nav.ts';
import { useSession } from '../session/use-session.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Switch } from '../ui/toggle.tsx';
import { closePalette, usePalette } from './palette-state.ts';
import { setSingleKeys, useSingleKeys } from './single-keys.ts';

export function ShortcutsHelp() {
  const { shown, actions } = usePalette();
  const { isAdmin } = useSession();
  const singleKeys = useSingleKeys();
  const here = actions.filter(({ shortcut }) => shortcut !== undefined);
  return (
    <Dialog open={shown === 'shortcuts'} onOpenChange={closePalette} title="Shortcuts" size="lg">
      <div className="grid gap-6 sm:grid-cols-2">
        <section className="flex flex-col gap-1">
          <h3 className="pb-1 text-xs font-medium text-faint">Everywhere</h3>
          <Keys keys="Ctrl K or ⌘ K" text="Search or jump to" />
          <Keys keys="/" text="Search in the page" />
          <Keys keys="?" text="These shortcuts" />
          <Keys keys="Esc" text="Close what is open" />
          <Keys keys="↑ ↓" text="From row to row in a table" />
          <Keys keys="Enter" text="Open the row" />
          <Keys keys="← →" text="From point to point in a chart" />
          {here.length > 0 && <h3 className="pt-3 pb-1 text-xs font-medium text-faint">On this page</h3>}
          {here.map(({ id, shortcut, label }) => (
            <Keys key={id} keys={shortcut ?? ''} text={label} />
          ))}
        </section>
        <section className="flex flex-col gap-1">
          <h3 className="pb-1 text-xs font-medium text-faint">Go to</h3>
          {navItemsFor(isAdmin).map(({ to, key, label }) => (
            <Keys key={to} keys={`g ${key}`} text={label} />
          ))}
        </section>
      </div>
      <Field
        label="Single letters"
        hint="Turn them off where you speak to your browser or press keys by accident."
        inline
        className="mt-6 border-t border-line pt-4"
      >
        <Switch checked={singleKeys} onChange={setSingleKeys} />
      </Field>
    </Dialog>
  );
}

function Keys({ keys, text }: { readonly keys: string; readonly text: string }) {
  return (
    <p className="flex items-baseline justify-between gap-4 text-sm">
      <span>{text}</span>
      <kbd className="rounded-sm border border-line bg-sunken px-1.5 font-sans text-xs text-muted">
        {keys}
      </kbd>
    </p>
  );
}
