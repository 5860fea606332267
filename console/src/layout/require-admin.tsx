import { Outlet } from '@tanstack/react-router';
import { Lock } from 'lucide-react';
import { useSession } from '../session/use-session.ts';
import { EmptyState } from '../ui/states.tsx';

/** Around pages whose data viewers may not have. */
export function RequireAdmin() {
  const { isAdmin } = useSession();
  if (isAdmin) return <Outlet />;
  return (
    <EmptyState className="py-24" icon={Lock} title="This page is for admins">
      You are signed in as a viewer. An admin can give you another role under Users.
    </EmptyState>
  );
}
