import { Smartphone } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import type { TwoFactorState } from '../../../../src/contract/index.ts';
import { useApi } from '../../api/use-api.ts';
import { LazySetUp } from '../../session/two-factor/lazy-set-up.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorState, Skeleton } from '../../ui/states.tsx';
import { TimeText } from '../../ui/values.tsx';
import { ProveDialog, type Proven } from './prove-dialog.tsx';

/** So few that new ones should be made. */
const few = 3;

/** Whether one signs in with a code, too, and all that is done about it. */
export function TwoFactorCard({ username }: { readonly username: string }) {
  const { data, error, refetch } = useApi('getTwoFactor');
  const [asked, setAsked] = useState<'set-up' | Proven>();
  const close = (): void => setAsked(undefined);
  return (
    <Card
      title={
        <span className="inline-flex items-center gap-2">
          Two-factor sign-in
          {typeof data?.since === 'number' && <Badge tone="ok">On</Badge>}
        </span>
      }
      description="A code of an authenticator app besides the password. Your other sessions end when it is turned on or off."
    >
      {data !== undefined ? (
        <State state={data} onAsk={setAsked} />
      ) : error !== null ? (
        <ErrorState error={error} onRetry={refetch} className="px-0 py-4" />
      ) : (
        <Skeleton className="h-8 w-40" />
      )}
      {asked === 'set-up' && <SetUpDialog username={username} onClose={close} />}
      {(asked === 'off' || asked === 'codes') && (
        <ProveDialog what={asked} username={username} required={data?.required === true} onClose={close} />
      )}
    </Card>
  );
}

interface StateProps {
  readonly state: TwoFactorState;
  readonly onAsk: (what: 'set-up' | Proven) => void;
}

function State({ state: { since, recoveryCodesLeft }, onAsk }: StateProps) {
  if (since === null) {
    return (
      <Button icon={Smartphone} onClick={() => onAsk('set-up')}>
        Set up
      </Button>
    );
  }
  return (
    <div className="flex flex-col gap-3">
      <p className="text-sm text-muted">
        On since <TimeText at={since} />.{' '}
        <span className={recoveryCodesLeft <= few ? 'font-medium text-warn' : undefined}>
          {recoveryCodesLeft === 1
            ? '1 recovery code is left.'
            : `${recoveryCodesLeft} recovery codes are left.`}
        </span>
      </p>
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => onAsk('codes')}>New recovery codes</Button>
        <Button variant="dangerQuiet" onClick={() => onAsk('off')}>
          Turn off
        </Button>
      </div>
    </div>
  );
}

function SetUpDialog({ username, onClose }: { readonly username: string; readonly onClose: () => void }) {
  const [on, setOn] = useState(false);
  const done = (): void => {
    toast.success('Two-factor sign-in is on');
    onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={on ? done : onClose}
      dismissible={!on}
      size="sm"
      title={on ? 'Two-factor sign-in is on' : 'Set up two-factor sign-in'}
    >
      <LazySetUp
        username={username}
        action="I have saved them"
        onTurnedOn={() => setOn(true)}
        onDone={done}
      />
    </Dialog>
  );
}
