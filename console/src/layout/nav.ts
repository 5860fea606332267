import {
  Activity,
  BookOpenText,
  FolderTree,
  HeartPulse,
  KeyRound,
  LayoutDashboard,
  ListTree,
  type LucideIcon,
  MessageSquareText,
  MessagesSquare,
  ScrollText,
  ShieldCheck,
  SlidersHorizontal,
  SquareTerminal,
  UserRound,
  Users,
} from 'lucide-react';

export interface NavItem {
  readonly to:
    | '/'
    | '/runs'
    | '/records'
    | '/approvals'
    | '/playground'
    | '/conversations'
    | '/workspaces'
    | '/keys'
    | '/profiles'
    | '/users'
    | '/settings'
    | '/health'
    | '/logs'
    | '/audit'
    | '/account';
  readonly label: string;
  readonly icon: LucideIcon;
  readonly adminOnly?: true;
  /** Pressed after `g`. */
  readonly key: string;
  /** Further words that the palette finds it by. */
  readonly words?: string;
}

export interface NavGroup {
  readonly label: string;
  readonly items: readonly NavItem[];
}

/** Every page that has a place of its own, in the order of the sidebar. */
export const navGroups: readonly NavGroup[] = [
  {
    label: 'Observe',
    items: [
      { to: '/', label: 'Dashboard', icon: LayoutDashboard, key: 'd', words: 'home overview statistics' },
      { to: '/runs', label: 'Runs', icon: Activity, key: 'r', words: 'live active agents timeline' },
      { to: '/records', label: 'Records', icon: ListTree, key: 'e', words: 'requests log history' },
      {
        to: '/approvals',
        label: 'Approvals',
        icon: ShieldCheck,
        key: 'a',
        adminOnly: true,
        words: 'permissions tools',
      },
    ],
  },
  {
    label: 'Work',
    items: [
      { to: '/playground', label: 'Playground', icon: MessageSquareText, key: 'p', words: 'chat try' },
      {
        to: '/conversations',
        label: 'Conversations',
        icon: MessagesSquare,
        key: 'c',
        words: 'responses history',
      },
      { to: '/workspaces', label: 'Workspaces', icon: FolderTree, key: 'w', words: 'files directories' },
    ],
  },
  {
    label: 'Access',
    items: [
      { to: '/keys', label: 'API keys', icon: KeyRound, key: 'k', words: 'limits budgets tokens' },
      {
        to: '/profiles',
        label: 'Profiles',
        icon: BookOpenText,
        key: 'o',
        words: 'models agents prompts mcp',
      },
      { to: '/users', label: 'Users', icon: Users, key: 'u', adminOnly: true, words: 'admins viewers' },
    ],
  },
  {
    label: 'Server',
    items: [
      {
        to: '/settings',
        label: 'Settings',
        icon: SlidersHorizontal,
        key: 's',
        words: 'configuration environment',
      },
      { to: '/health', label: 'Health', icon: HeartPulse, key: 'h', words: 'doctor checks' },
      { to: '/logs', label: 'Logs', icon: SquareTerminal, key: 'l', adminOnly: true, words: 'tail' },
      { to: '/audit', label: 'Audit', icon: ScrollText, key: 't', adminOnly: true, words: 'changes who' },
    ],
  },
];

const accountItem: NavItem = {
  to: '/account',
  label: 'Your account',
  icon: UserRound,
  key: 'y',
  words: 'password sessions',
};

/** On a phone, below the page; the rest is behind "More". */
export const tabItems: readonly NavItem['to'][] = ['/', '/runs', '/records', '/playground'];

export function navItemsFor(isAdmin: boolean): readonly NavItem[] {
  const all = [...navGroups.flatMap(({ items }) => items), accountItem];
  return all.filter((item) => isAdmin || item.adminOnly !== true);
}
