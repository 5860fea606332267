import { useNavigate } from '@tanstack/react-router';
import { Command } from 'cmdk';
import {
  Bookmark,
  CornerDownLeft,
  Hash,
  Keyboard,
  KeyRound,
  LogOut,
  type LucideIcon,
  Moon,
  Sun,
} from 'lucide-react';
import { Dialog } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import type { ViewPage } from '../../../src/contract/index.ts';
import { useApi } from '../api/use-api.ts';
import { navItemsFor } from '../layout/nav.ts';
import { signOutHere } from '../session/sign-out-here.ts';
import { useSession } from '../session/use-session.ts';
import { setThemeChoice, useTheme } from '../theme/theme.ts';
import { useFocusReturn } from '../ui/use-focus-return.ts';
import { addressOfView } from '../views/address-of-view.ts';
import { matchWords } from './match-words.ts';
import { nameSelected } from './name-selected.ts';
import { closePalette, openPalette, usePalette } from './palette-state.ts';

/** Pages, what can be done here, keys, and the way to a request by its id. */
export function Palette() {
  const { shown, actions } = usePalette();
  const { isAdmin } = useSession();
  const [text, setText] = useState('');
  const navigate = useNavigate();
  const theme = useTheme();
  const focusReturn = useFocusReturn();
  const open = shown === 'palette';
  const { data: keys } = useApi('listKeys', {}, { enabled: open, staleTime: 60_000 });
  const { data: views } = useApi('listViews', {}, { enabled: open, staleTime: 60_000 });

  const close = (): void => {
    closePalette();
    setText('');
  };
  const then = (act: () => void) => (): void => {
    close();
    act();
  };
  const pageName = (page: ViewPage): string =>
    navItemsFor(isAdmin).find(({ to }) => to === `/${page}`)?.label ?? page;
  const wanted = text.trim();
  const requestId = /^(?:req_|resp_|chatcmpl)|^[\w.-]{12,}$/.test(wanted) ? wanted : undefined;

  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && close()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fade-in fixed inset-0 z-50 bg-backdrop" />
        <Dialog.Content
          {...focusReturn}
          aria-describedby={undefined}
          className="rise-in fixed top-[10dvh] left-1/2 z-50 flex max-h-[70dvh] w-[calc(100vw-1.5rem)] max-w-xl -translate-x-1/2 flex-col overflow-hidden rounded-lg border border-line bg-raised shadow-float"
        >
          <Dialog.Title className="sr-only">Search or jump to</Dialog.Title>
          <Command
            ref={nameSelected}
            label="Search or jump to"
            filter={matchWords}
            loop
            className="flex min-h-0 flex-col"
          >
            <Command.Input
              value={text}
              onValueChange={setText}
              placeholder="A page, an action, a key, a request id…"
              className="h-12 shrink-0 border-b border-line bg-transparent px-4 text-lg outline-none"
            />
            <Command.List className="min-h-0 overflow-y-auto p-1.5">
              <Command.Empty className="px-3 py-8 text-center text-sm text-muted">
                Nothing is called that.
              </Command.Empty>
              {requestId !== undefined && (
                <Item
                  icon={Hash}
                  value={`request ${requestId}`}
                  onSelect={then(() => void navigate({ to: '/records/$id', params: { id: requestId } }))}
                >
                  Open the request {requestId}
                </Item>
              )}
              {actions.length > 0 && (
                <Group heading="Here">
                  {actions.map((action) => (
                    <Item
                      key={action.id}
                      icon={action.icon ?? CornerDownLeft}
                      value={`action ${action.label}`}
                      hint={action.shortcut}
                      onSelect={then(action.run)}
                    >
                      {action.label}
                    </Item>
                  ))}
                </Group>
              )}
              <Group heading="Pages">
                {navItemsFor(isAdmin).map((item) => (
                  <Item
                    key={item.to}
                    icon={item.icon}
                    value={`page ${item.label} ${item.words ?? ''}`}
                    hint={`g ${item.key}`}
                    onSelect={then(() => void navigate({ to: item.to }))}
                  >
                    {item.label}
                  </Item>
                ))}
              </Group>
              {wanted !== '' && (
                <Group heading="Views">
                  {views?.items.map((view) => (
                    <Item
                      key={view.id}
                      icon={Bookmark}
                      value={`view ${view.name} ${pageName(view.page)} ${view.owner} ${view.id}`}
                      onSelect={then(() => void navigate({ href: addressOfView(view) }))}
                    >
                      {view.name}
                      <span className="ml-2 text-faint">{pageName(view.page)}</span>
                    </Item>
                  ))}
                </Group>
              )}
              {wanted !== '' && (
                <Group heading="API keys">
                  {keys?.items.map((key) => (
                    <Item
                      key={key.id}
                      icon={KeyRound}
                      value={`key ${key.name} ${key.owner} ${key.prefix} ${key.id}`}
                      onSelect={then(() => void navigate({ to: '/keys/$id', params: { id: key.id } }))}
                    >
                      {key.name}
                      <span className="ml-2 text-faint">{key.owner}</span>
                    </Item>
                  ))}
                </Group>
              )}
              <Group heading="Console">
                <Item
                  icon={theme === 'dark' ? Sun : Moon}
                  value="theme dark light"
                  onSelect={then(() => setThemeChoice(theme === 'dark' ? 'light' : 'dark'))}
                >
                  Use the {theme === 'dark' ? 'light' : 'dark'} theme
                </Item>
                <Item
                  icon={Keyboard}
                  value="shortcuts keys help"
                  hint="?"
                  onSelect={then(() => openPalette('shortcuts'))}
                >
                  Shortcuts
                </Item>
                <Item icon={LogOut} value="sign out leave" onSelect={then(() => void signOutHere())}>
                  Sign out
                </Item>
              </Group>
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Group({ heading, children }: { readonly heading: string; readonly children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-faint"
    >
      {children}
    </Command.Group>
  );
}

interface ItemProps {
  readonly icon: LucideIcon;
  readonly value: string;
  readonly hint?: string | undefined;
  readonly onSelect: () => void;
  readonly children: ReactNode;
}

function Item({ icon: Icon, value, hint, onSelect, children }: ItemProps) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex cursor-pointer items-center gap-2.5 rounded-md px-2.5 py-2 text-base aria-selected:bg-accent-soft pointer-coarse:py-3"
    >
      <Icon className="size-4 shrink-0 text-faint" aria-hidden />
      <span className="min-w-0 truncate">{children}</span>
      {hint !== undefined && (
        <kbd className="ml-auto pl-3 font-sans text-xs whitespace-nowrap text-faint">{hint}</kbd>
      )}
    </Command.Item>
  );
}
