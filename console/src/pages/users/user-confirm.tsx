import type { User } from '../../../../src/contract/index.ts';
import { useChange } from '../../api/use-change.ts';
import { loadSession } from '../../session/current-session.ts';
import { ConfirmDialog } from '../../ui/dialog.tsx';

export interface Asked {
  readonly what: 'role' | 'active' | 'two-factor' | 'delete';
  readonly user: User;
}

interface UserConfirmProps {
  readonly asked: Asked;
  /** Who asks. */
  readonly self: string;
  readonly onClose: () => void;
}

/** Asks before a user is changed. What the server refuses, such as for the last admin, is said in the dialog. */
export function UserConfirm({ asked, self, onClose }: UserConfirmProps) {
  const update = useChange('updateUser', {
    invalidates: ['listUsers'],
    errorToast: false,
    success: ({ username }) => `“${username}” is changed`,
  });
  const remove = useChange('deleteUser', {
    invalidates: ['listUsers'],
    errorToast: false,
    success: 'The user is deleted',
  });
  const reset = useChange('resetTwoFactor', {
    invalidates: ['listUsers'],
    errorToast: false,
    success: ({ username }) => `“${username}” signs in with the password alone`,
  });
  const { what, user } = asked;
  const { id, username, role, active } = user;
  const own = username === self;
  const body =
    what === 'role'
      ? { role: role === 'admin' ? ('viewer' as const) : ('admin' as const) }
      : { active: !active };
  return (
    <ConfirmDialog
      {...textOf(asked, own)}
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      onConfirm={async () => {
        if (what === 'delete') await remove.mutateAsync({ params: { id } });
        else if (what === 'two-factor') await reset.mutateAsync({ params: { id } });
        else await update.mutateAsync({ params: { id }, body });
        // The page has to know at once what oneself may no longer do.
        if (own) await loadSession();
      }}
    />
  );
}

function textOf({ what, user: { username, role, active } }: Asked, own: boolean) {
  const you = own ? ' This is your own account.' : '';
  switch (what) {
    case 'role':
      return role === 'admin'
        ? {
            title: `Make “${username}” a viewer?`,
            description: `They still see everything, and can change nothing any more.${you}`,
            action: 'Make a viewer',
          }
        : {
            title: `Make “${username}” an admin?`,
            description: 'They can change everything: keys, users, profiles and settings.',
            action: 'Make an admin',
            danger: false,
          };
    case 'active':
      return active
        ? {
            title: `Disable “${username}”?`,
            description: `They cannot sign in any more, and all their sessions end now.${you}`,
            action: 'Disable user',
          }
        : {
            title: `Enable “${username}”?`,
            description: 'They can sign in again with the password that they had.',
            action: 'Enable user',
            danger: false,
          };
    case 'two-factor':
      return {
        title: `Reset the two-factor sign-in of “${username}”?`,
        description:
          'They sign in with the password alone, and all their sessions end now. Be sure that it is they who ask: who has the password needs nothing else then.',
        action: 'Reset',
      };
    case 'delete':
      return {
        title: `Delete “${username}”?`,
        description: `The account and its sessions are gone for ever. What it did stays in the audit log.${you}`,
        action: 'Delete user',
        typeToConfirm: username,
      };
    default:
      return what satisfies never;
  }
}
