import { cx } from './cx.ts';
import { Panel, type PanelProps } from './panel.tsx';

interface DrawerProps extends PanelProps {
  readonly size?: 'md' | 'lg';
}

/** From the right, over the page; the whole screen on phones. For forms and details of one row. */
export function Drawer({ size = 'md', ...panel }: DrawerProps) {
  return (
    <Panel
      {...panel}
      place={cx('slide-in inset-y-0 right-0 border-l', size === 'lg' ? 'sm:max-w-3xl' : 'sm:max-w-lg')}
      header="border-b border-line px-5 py-3"
    />
  );
}
