import { formatNumber } from '../../../format/format.ts';
import { Card } from '../../../ui/card.tsx';
import { Field } from '../../../ui/field.tsx';
import { Textarea } from '../../../ui/input.tsx';
import { Segments } from '../../../ui/tabs.tsx';
import type { PartProps } from './part-props.ts';

const modes = [
  { value: 'append', label: 'Append' },
  { value: 'replace', label: 'Replace' },
] as const;

export function PromptPart({ draft, onChange, errorOf, disabled }: PartProps) {
  const { mode, text } = draft.systemPrompt;
  return (
    <Card
      title="System prompt"
      description={
        mode === 'append'
          ? 'Claude Code’s own prompt, then this text, then what the client sends.'
          : 'This text instead of Claude Code’s own prompt, then what the client sends.'
      }
      actions={
        disabled ? (
          <span className="text-sm text-muted">{mode === 'append' ? 'Append' : 'Replace'}</span>
        ) : (
          <Segments
            label="How the system prompt is used"
            value={mode}
            options={modes}
            onChange={(next) => onChange({ systemPrompt: { mode: next, text } })}
          />
        )
      }
    >
      <Field
        label="Text of the system prompt"
        hideLabel
        hint={`${formatNumber(text.length)} of 200,000 characters`}
        error={errorOf('systemPrompt')}
      >
        <Textarea
          rows={12}
          className="min-h-48 font-mono text-sm"
          spellCheck={false}
          disabled={disabled}
          placeholder={
            mode === 'append' ? 'You review code. Be short…' : 'Nothing: a plain model without instructions.'
          }
          value={text}
          onChange={(event) => onChange({ systemPrompt: { mode, text: event.target.value } })}
        />
      </Field>
    </Card>
  );
}
