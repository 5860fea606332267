import { Field } from '../../../ui/field.tsx';
import { Input } from '../../../ui/input.tsx';
import { isMoney, type KeyDraft, limitNames } from './key-draft.ts';

interface LimitFieldsProps {
  readonly value: KeyDraft['limits'];
  readonly onChange: (value: KeyDraft['limits']) => void;
  readonly errorOf: (param: string) => string | undefined;
  readonly disabled?: boolean;
}

const labels: Readonly<Record<(typeof limitNames)[number], string>> = {
  requestsPerMinute: 'Requests per minute',
  concurrentRuns: 'Runs at once',
  tokensPerDay: 'Tokens per day',
  tokensPerMonth: 'Tokens per month',
  budgetUsdPerDay: 'Budget per day, US$',
  budgetUsdPerMonth: 'Budget per month, US$',
  softBudgetUsdPerDay: 'Soft budget per day, US$',
  softBudgetUsdPerMonth: 'Soft budget per month, US$',
};
const softHint = 'Nothing is refused at it: the console and the webhook tell of it.';

/** Empty: no limit. Short forms such as `2M` are taken. */
export function LimitFields({ value, onChange, errorOf, disabled = false }: LimitFieldsProps) {
  return (
    <div className="grid items-start gap-4 sm:grid-cols-2">
      {limitNames.map((limit) => (
        <Field
          key={limit}
          label={labels[limit]}
          hint={limit.startsWith('soft') ? softHint : undefined}
          error={errorOf(`limits.${limit}`)}
        >
          <Input
            inputMode={isMoney(limit) ? 'decimal' : 'text'}
            autoComplete="off"
            placeholder="No limit"
            disabled={disabled}
            value={value[limit]}
            onChange={(event) => onChange({ ...value, [limit]: event.target.value })}
          />
        </Field>
      ))}
    </div>
  );
}
