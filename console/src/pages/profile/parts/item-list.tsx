import { Plus, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, IconButton } from '../../../ui/button.tsx';
import { Card } from '../../../ui/card.tsx';

interface Item {
  readonly id: string;
  readonly name: string;
}

interface ItemListProps<One extends Item> {
  readonly title: string;
  readonly description: string;
  /** Such as `MCP server`. */
  readonly noun: string;
  readonly items: readonly One[];
  readonly onChange: (items: readonly One[]) => void;
  /** A new one. */
  readonly empty: Omit<One, 'id'>;
  readonly disabled: boolean;
  readonly render: (item: One, change: (part: Partial<One>) => void) => ReactNode;
}

/** Things with names, each in a box of its own: add, change, remove. */
export function ItemList<One extends Item>(props: ItemListProps<One>) {
  const { title, description, noun, items, onChange, empty, disabled, render } = props;
  const add = (): void =>
    onChange([...items, { ...empty, id: crypto.getRandomValues(new Uint32Array(2)).join('-') } as One]);
  return (
    <Card
      title={title}
      description={description}
      actions={
        !disabled && (
          <Button size="sm" icon={Plus} onClick={add}>
            Add {noun}
          </Button>
        )
      }
    >
      {items.length === 0 && <p className="text-sm text-faint">None.</p>}
      <div className="flex flex-col gap-4">
        {items.map((item) => (
          <fieldset key={item.id} className="relative min-w-0 rounded-md border border-line p-4">
            <legend className="sr-only">
              {noun} {item.name}
            </legend>
            {!disabled && (
              <IconButton
                icon={Trash2}
                size="sm"
                label={`Remove ${item.name === '' ? `this ${noun}` : item.name}`}
                className="absolute top-2 right-2"
                onClick={() => onChange(items.filter(({ id }) => id !== item.id))}
              />
            )}
            {render(item, (part) =>
              onChange(items.map((one) => (one.id === item.id ? { ...one, ...part } : one))),
            )}
          </fieldset>
        ))}
      </div>
    </Card>
  );
}
