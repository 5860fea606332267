import { useQueryClient } from '@tanstack/react-query';
import { refetchAll, useApi } from '../api/use-api.ts';
import { useChannel } from '../live/live.ts';
import { useSession } from '../session/use-session.ts';

/** How many tool calls wait for an admin's answer, as it changes. */
export function useApprovalCount(): number {
  const { isAdmin } = useSession();
  const client = useQueryClient();
  const again = (): void => void refetchAll(client, ['listApprovals']);
  useChannel(isAdmin ? 'approvals' : null, again, again);
  const { data } = useApi('listApprovals', {}, { enabled: isAdmin, staleTime: 60_000 });
  return data?.items.length ?? 0;
}
