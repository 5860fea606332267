import { RotateCcw } from 'lucide-react';
import { useState } from 'react';
import type { ApiKeyWithUsage } from '../../../../src/contract/index.ts';
import { useChange } from '../../api/use-change.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/dialog.tsx';

/** Begins the budgets of this day and month anew. */
export function ResetSpending({ apiKey }: { readonly apiKey: ApiKeyWithUsage }) {
  const { id, name } = apiKey;
  const [open, setOpen] = useState(false);
  const reset = useChange('resetKeySpending', {
    invalidates: ['listKeys', 'getKey'],
    success: `The budget of “${name}” begins anew`,
    errorToast: false,
  });
  return (
    <>
      <Button size="sm" icon={RotateCcw} onClick={() => setOpen(true)}>
        Start its budget anew
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title={`Start the budget of “${name}” anew?`}
        description="What it has spent today and this month no longer counts for its limits. Requests and statistics stay as they are."
        action="Start anew"
        danger={false}
        onConfirm={() => reset.mutateAsync({ params: { id } })}
      />
    </>
  );
}
