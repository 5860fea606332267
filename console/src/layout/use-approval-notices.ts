import { useNavigate } from '@tanstack/react-router';
import { splitToolName, summariseInput } from '../agent/tool-summary.ts';
import { useChannel } from '../live/live.ts';
import { notify } from '../notify/notifications.ts';
import { useSession } from '../session/use-session.ts';

/** Tells admins who have asked for it of calls that wait, while they look at something else. */
export function useApprovalNotices(): void {
  const { isAdmin } = useSession();
  const navigate = useNavigate();
  useChannel(isAdmin ? 'approvals' : null, (event) => {
    if (event.type !== 'approval_requested') return;
    const { id, name, server, input, keyName } = event.data;
    notify(`${splitToolName(name, server).name} needs approval`, {
      body: [keyName, summariseInput(input)].filter((one) => one !== null && one !== '').join(': '),
      tag: id,
      open: () => void navigate({ to: '/approvals' }),
    });
  });
}
