import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { splitToolName, summariseInput } from '../agent/tool-summary.ts';
import { refetchAll } from '../api/use-api.ts';
import { useChannel } from '../live/live.ts';
import type { LiveEvent } from '../live/live-connection.ts';
import { notify } from '../notify/notifications.ts';
import { useSession } from '../session/use-session.ts';

/**
 * Keeps the calls that wait as they are on the server, for all that shows them. Admins who have asked for it are told of
 * new ones while they look at something else.
 */
export function useApprovalNotices(): void {
  const { isAdmin } = useSession();
  const navigate = useNavigate();
  const client = useQueryClient();
  const again = (): void => void refetchAll(client, ['listApprovals']);
  const onEvent = (event: LiveEvent): void => {
    again();
    if (event.type !== 'approval_requested') return;
    const { id, name, server, input, keyName } = event.data;
    notify(`${splitToolName(name, server).name} needs approval`, {
      body: [keyName, summariseInput(input)].filter((one) => one !== null && one !== '').join(': '),
      tag: id,
      open: () => void navigate({ to: '/approvals' }),
    });
  };
  useChannel(isAdmin ? 'approvals' : null, onEvent, again);
}
