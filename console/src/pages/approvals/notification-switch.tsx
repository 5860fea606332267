import { Bell, BellOff } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { canNotify, notificationsOn, setNotifications } from '../../notify/notifications.ts';
import { Button } from '../../ui/button.tsx';

/** Whether the browser tells of calls that wait while the console is in the background. */
export function NotificationSwitch() {
  const [on, setOn] = useState(notificationsOn);
  if (!canNotify()) return null;
  const change = async (): Promise<void> => {
    const done = await setNotifications(!on);
    setOn(done);
    if (!on && !done)
      toast.error(
        'The browser does not allow this page to notify. Its settings for this site can change that.',
      );
    else
      toast.success(
        done
          ? 'You are told of calls that wait while the console is in the background'
          : 'You are told no more',
      );
  };
  return (
    <Button icon={on ? Bell : BellOff} aria-pressed={on} onClick={() => void change()}>
      {on ? 'Notifications on' : 'Notify me'}
    </Button>
  );
}
