import { useQueryClient } from '@tanstack/react-query';
import { LogOut } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { errorMessage } from '../../api/console-error.ts';
import { refetchAll } from '../../api/use-api.ts';
import { ChangePasswordForm } from '../../session/change-password-form.tsx';
import { signOut } from '../../session/current-session.ts';
import { useSession } from '../../session/use-session.ts';
import { setThemeChoice, useThemeChoice } from '../../theme/theme.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Page } from '../../ui/page.tsx';
import { Segments } from '../../ui/tabs.tsx';
import { TimeText } from '../../ui/values.tsx';
import { Sessions } from './sessions.tsx';
import { TwoFactorCard } from './two-factor-card.tsx';

const themes = [
  { value: 'system', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const;

/** One's own password, second factor, sessions and looks. */
export function AccountPage() {
  const session = useSession();
  const client = useQueryClient();
  const theme = useThemeChoice();
  const [leaving, setLeaving] = useState(false);
  const leave = async (): Promise<void> => {
    setLeaving(true);
    try {
      await signOut();
    } catch (error) {
      toast.error(`You are still signed in: ${errorMessage(error)}`);
      setLeaving(false);
    }
  };
  return (
    <Page
      title="Your account"
      heading={
        <span className="flex flex-wrap items-center gap-2.5">
          {session.username}
          <Badge tone={session.isAdmin ? 'accent' : 'neutral'}>{session.isAdmin ? 'Admin' : 'Viewer'}</Badge>
        </span>
      }
      description={
        <>
          {session.isAdmin ? 'Sees and changes everything.' : 'Sees everything, changes nothing.'} This
          session ends <TimeText at={session.expiresAt} />, or when nothing is done for long enough.
        </>
      }
      actions={
        <Button icon={LogOut} busy={leaving} onClick={() => void leave()}>
          Sign out
        </Button>
      }
    >
      <Sessions />
      <div className="grid items-start gap-5 lg:grid-cols-2">
        <Card title="Password" description="All other sessions of yours end when you change it.">
          <ChangePasswordForm
            username={session.username}
            action="Change password"
            onDone={() => {
              toast.success('Your password is changed');
              void refetchAll(client, ['listSessions']);
            }}
          />
        </Card>
        <div className="flex min-w-0 flex-col gap-5">
          <TwoFactorCard username={session.username} />
          <Card title="Appearance" description="In this browser.">
            <Segments label="Theme" value={theme} options={themes} onChange={setThemeChoice} />
          </Card>
        </div>
      </div>
    </Page>
  );
}
