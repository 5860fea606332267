import { useNavigate } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { useApi } from '../../../api/use-api.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field } from '../../../ui/field.tsx';
import { Input } from '../../../ui/input.tsx';

interface ReplayDialogProps {
  readonly id: string;
  /** That of the request. */
  readonly model: string;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** Asks for the model that a request is sent to again. */
export function ReplayDialog({ id, model, open, onOpenChange }: ReplayDialogProps) {
  const [chosen, setChosen] = useState(model);
  const navigate = useNavigate();
  const listId = useId();
  const { data: profiles } = useApi('listProfiles', {}, { enabled: open, staleTime: 60_000 });
  const names = [...new Set([...(profiles?.items.map(({ name }) => name) ?? []), 'opus', 'sonnet', 'haiku'])];
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Replay with another model"
      description="The request opens in the playground. Nothing is sent until you say so."
      size="sm"
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button type="submit" form={`${listId}-form`} variant="primary" disabled={chosen.trim() === ''}>
            Open in the playground
          </Button>
        </>
      }
    >
      <form
        id={`${listId}-form`}
        onSubmit={(event) => {
          event.preventDefault();
          void navigate({ to: '/playground', search: { replay: id, model: chosen.trim() } });
        }}
      >
        <Field label="Model or profile">
          <Input
            list={listId}
            value={chosen}
            onChange={(event) => setChosen(event.target.value)}
            autoComplete="off"
          />
        </Field>
        <datalist id={listId}>
          {names.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      </form>
    </Dialog>
  );
}
