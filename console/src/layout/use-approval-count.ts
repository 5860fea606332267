import { useApi } from '../api/use-api.ts';
import { useSession } from '../session/use-session.ts';

/** How many tool calls wait for an admin's answer; `useApprovalNotices` keeps it as it is. */
export function useApprovalCount(): number {
  const { isAdmin } = useSession();
  const { data } = useApi('listApprovals', {}, { enabled: isAdmin, staleTime: 60_000 });
  return data?.items.length ?? 0;
}
