import { Select } from '../../ui/input.tsx';

interface Group {
  readonly name: string;
  readonly count: number;
}

interface GroupNavProps {
  readonly groups: readonly Group[];
  /** Undefined: all of them. */
  readonly value: string | undefined;
  readonly onChange: (group: string | undefined) => void;
}

/** Beside the settings where there is room. */
export function GroupNav({ groups, value, onChange }: GroupNavProps) {
  const all: Group = { name: 'All settings', count: groups.reduce((sum, { count }) => sum + count, 0) };
  return (
    <nav
      aria-label="Groups of settings"
      className="sticky top-5 flex flex-col gap-0.5 self-start max-lg:hidden"
    >
      {[all, ...groups].map((group) => {
        const name = group === all ? undefined : group.name;
        return (
          <button
            key={group.name}
            type="button"
            aria-current={value === name ? 'true' : undefined}
            className="flex h-8 items-center justify-between gap-2 rounded-md px-2.5 text-left text-sm text-muted hover:bg-hover hover:text-fg aria-current:bg-accent-soft aria-current:font-medium aria-current:text-accent"
            onClick={() => onChange(name)}
          >
            {group.name}
            <span className="text-xs text-faint">{group.count}</span>
          </button>
        );
      })}
    </nav>
  );
}

const every = 'all';

/** The same on small screens. */
export function GroupSelect({ groups, value, onChange }: GroupNavProps) {
  return (
    <Select
      aria-label="Group"
      className="w-auto min-w-36 max-sm:flex-1 lg:hidden"
      value={value ?? every}
      options={[
        { value: every, label: 'All groups' },
        ...groups.map(({ name }) => ({ value: name, label: name })),
      ]}
      onChange={(next) => onChange(next === every ? undefined : next)}
    />
  );
}
