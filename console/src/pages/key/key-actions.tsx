import { useNavigate } from '@tanstack/react-router';
import { Ban, CirclePause, CirclePlay, RotateCw } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import type { ApiKeyWithUsage } from '../../../../src/contract/index.ts';
import { errorMessage } from '../../api/console-error.ts';
import { useChange } from '../../api/use-change.ts';
import { usePaletteActions } from '../../palette/palette-state.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import type { IssuedKey } from '../keys/issued-key.ts';
import { RotateDialog } from './rotate-dialog.tsx';

interface KeyActionsProps {
  readonly apiKey: ApiKeyWithUsage;
  readonly onIssued: (issued: IssuedKey) => void;
}

/** What an admin can do with a key as a whole. */
export function KeyActions({ apiKey, onIssued }: KeyActionsProps) {
  const { id, name, active } = apiKey;
  const navigate = useNavigate();
  const [open, setOpen] = useState<'rotate' | 'deactivate' | 'revoke'>();
  const close = (next: boolean): void => {
    if (!next) setOpen(undefined);
  };
  const update = useChange('updateKey', {
    invalidates: ['listKeys', 'getKey'],
    success: (after) => (after.active ? `“${after.name}” works again` : `“${after.name}” is switched off`),
    errorToast: false,
    optimistic: ({ body }, shown) => {
      // What is asked about first is shown once it is done.
      if (body.active !== true) return;
      const after = { active: true, state: stateWhenActive(apiKey) };
      shown.update('getKey', (one) => (one.id === id ? { ...one, ...after } : one));
      shown.update('listKeys', ({ items }) => ({
        items: items.map((one) => (one.id === id ? { ...one, ...after } : one)),
      }));
    },
  });
  const revoke = useChange('deleteKey', {
    invalidates: ['listKeys'],
    success: `“${name}” is revoked`,
    errorToast: false,
  });
  const activate = (): void =>
    update.mutate(
      { params: { id }, body: { active: true } },
      { onError: (error) => toast.error(errorMessage(error)) },
    );
  const toggle = (): void => (active ? setOpen('deactivate') : activate());
  usePaletteActions([
    { id: 'rotate-key', label: `Rotate “${name}”`, icon: RotateCw, run: () => setOpen('rotate') },
    {
      id: 'switch-key',
      label: `${active ? 'Deactivate' : 'Activate'} “${name}”`,
      icon: active ? CirclePause : CirclePlay,
      run: toggle,
    },
    { id: 'revoke-key', label: `Revoke “${name}”`, icon: Ban, run: () => setOpen('revoke') },
  ]);
  return (
    <>
      <Button icon={RotateCw} onClick={() => setOpen('rotate')}>
        Rotate
      </Button>
      <Button icon={active ? CirclePause : CirclePlay} busy={update.isPending && !active} onClick={toggle}>
        {active ? 'Deactivate' : 'Activate'}
      </Button>
      <Button variant="dangerQuiet" icon={Ban} onClick={() => setOpen('revoke')}>
        Revoke
      </Button>
      <RotateDialog apiKey={apiKey} open={open === 'rotate'} onOpenChange={close} onIssued={onIssued} />
      <ConfirmDialog
        open={open === 'deactivate'}
        onOpenChange={close}
        title={`Deactivate “${name}”?`}
        description="Requests with it are refused from now on. It can be activated again at any time."
        action="Deactivate key"
        onConfirm={() => update.mutateAsync({ params: { id }, body: { active: false } })}
      />
      <ConfirmDialog
        open={open === 'revoke'}
        onOpenChange={close}
        title={`Revoke “${name}”?`}
        description="The key is deleted for ever, and whoever uses it is refused from now on. Its records stay."
        action="Revoke key"
        typeToConfirm={name}
        onConfirm={async () => {
          await revoke.mutateAsync({ params: { id } });
          await navigate({ to: '/keys', ignoreBlocker: true });
        }}
      />
    </>
  );
}

function stateWhenActive({ expiresAt }: ApiKeyWithUsage): ApiKeyWithUsage['state'] {
  return expiresAt !== null && expiresAt <= Date.now() ? 'expired' : 'active';
}
