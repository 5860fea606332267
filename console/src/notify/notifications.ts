const storageKey = 'console-notifications';

/** Browsers offer it on https and localhost only. */
export function canNotify(): boolean {
  return typeof Notification !== 'undefined' && window.isSecureContext;
}

/** Whether somebody has asked for it, and the browser allows it. */
export function notificationsOn(): boolean {
  try {
    return canNotify() && Notification.permission === 'granted' && localStorage.getItem(storageKey) === 'on';
  } catch {
    return false;
  }
}

/** Turns them on or off; the browser may ask. Resolves to whether they are on then. */
export async function setNotifications(on: boolean): Promise<boolean> {
  if (on && Notification.permission !== 'granted' && (await Notification.requestPermission()) !== 'granted')
    return false;
  try {
    if (on) localStorage.setItem(storageKey, 'on');
    else localStorage.removeItem(storageKey);
  } catch {
    // Storage may be forbidden: then nothing is kept, and nothing told.
  }
  return notificationsOn();
}

/** Tells of something, where that is wanted and nobody looks at the console. A click leads there. */
export function notify(
  title: string,
  { body, tag, open }: { readonly body: string; readonly tag: string; readonly open: () => void },
): void {
  if (!notificationsOn() || document.visibilityState === 'visible') return;
  const notification = new Notification(title, { body, tag });
  notification.onclick = () => {
    window.focus();
    open();
    notification.close();
  };
}
