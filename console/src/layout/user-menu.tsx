import { Link } from '@tanstack/react-router';
import { Keyboard, LogOut, UserRound } from 'lucide-react';
import { openPalette } from '../palette/palette-state.ts';
import { signOutHere } from '../session/sign-out-here.ts';
import { useSession } from '../session/use-session.ts';
import { Button } from '../ui/button.tsx';
import { Menu, MenuItem, MenuLabel, MenuSeparator } from '../ui/menu.tsx';

export function UserMenu() {
  const { username, role, serverVersion } = useSession();
  return (
    <Menu
      trigger={
        <Button variant="ghost" className="px-1.5">
          <span
            aria-hidden
            className="flex size-6 items-center justify-center rounded-full bg-accent-soft text-xs font-semibold text-accent uppercase"
          >
            {username.slice(0, 1)}
          </span>
          <span className="sr-only">Account of </span>
          <span className="max-w-32 truncate max-lg:sr-only">{username}</span>
        </Button>
      }
    >
      <MenuLabel>
        <span className="block text-sm font-medium text-fg">{username}</span>
        {role === 'admin' ? 'Admin' : 'Viewer: sees, changes nothing'}
      </MenuLabel>
      <MenuSeparator />
      <MenuItem asChild>
        <Link to="/account">
          <UserRound className="size-4 text-faint" aria-hidden />
          Your account
        </Link>
      </MenuItem>
      <MenuItem icon={Keyboard} onSelect={() => openPalette('shortcuts')}>
        Shortcuts
      </MenuItem>
      <MenuSeparator />
      <MenuItem icon={LogOut} onSelect={() => void signOutHere()}>
        Sign out
      </MenuItem>
      <MenuSeparator />
      <MenuLabel>Server {serverVersion}</MenuLabel>
    </Menu>
  );
}
