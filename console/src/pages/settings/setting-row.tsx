import { Lock, RotateCcw, TriangleAlert, Undo2, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Setting, SettingValue } from '../../../../src/contract/index.ts';
import type { Answer } from '../../api/call-types.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { TimeText } from '../../ui/values.tsx';
import type { Edit } from './draft.ts';
import { SettingEditor } from './setting-editor.tsx';
import { type SettingInput, sameValue, toInput } from './setting-input.ts';
import { settingTitle } from './setting-title.ts';
import { SourceBadge } from './source-badge.tsx';
import { changedText, valueText } from './value-text.ts';
import { WebhookTest } from './webhook-test.tsx';

export type SettingChange = Answer<'settingHistory'>['items'][number];

export interface RowActions {
  readonly onInput: (setting: Setting, input: SettingInput) => void;
  /** Null: the default. */
  readonly onValue: (setting: Setting, value: SettingValue) => void;
  readonly onDiscard: (name: string) => void;
}

interface SettingRowProps extends RowActions {
  readonly setting: Setting;
  readonly edit: Edit | undefined;
  readonly problem: string | undefined;
  /** Somebody else changed it while it was edited. */
  readonly overtaken: boolean;
  /** Its last change. */
  readonly last: SettingChange | undefined;
  readonly editable: boolean;
}

export function SettingRow(props: SettingRowProps) {
  const { setting, edit, problem, overtaken, editable, onInput } = props;
  const fixed = isFixed(setting);
  return (
    <li
      id={setting.name}
      className={cx(
        'grid gap-x-8 gap-y-3 px-4 py-4 lg:grid-cols-[minmax(0,1fr)_minmax(0,22rem)]',
        edit !== undefined && 'shadow-[inset_2px_0_0_var(--color-accent)]',
      )}
    >
      <div className="flex min-w-0 flex-col gap-1">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <h3 className="text-base font-medium">{settingTitle(setting.name)}</h3>
          <SourceBadge source={setting.source} />
        </div>
        <p className="max-w-2xl text-sm text-muted">{setting.description}</p>
        <p className="flex flex-wrap gap-x-3 text-xs text-faint">
          <code className="font-mono break-all">{setting.name}</code>
          {setting.changedAt !== null && (
            <span>
              Changed by {setting.changedBy ?? 'somebody'} <TimeText at={setting.changedAt} />
            </span>
          )}
          {setting.source === 'console' && (
            <span className="break-words">Default: {valueText(setting.kind, setting.default)}</span>
          )}
        </p>
      </div>
      <div className="flex min-w-0 flex-col gap-2">
        {editable && !fixed ? (
          <SettingEditor
            setting={setting}
            input={edit?.input ?? toInput(setting.kind, setting.value)}
            onChange={(input) => onInput(setting, input)}
            problem={problem}
          />
        ) : (
          <ReadOnlyValue setting={setting} />
        )}
        {editable && setting.name === 'BUDGET_WEBHOOK_URL' && setting.value !== null && (
          <WebhookTest unsaved={edit !== undefined} />
        )}
        {overtaken && edit !== undefined && <Overtaken {...props} />}
        {editable && !fixed && <Actions {...props} />}
      </div>
    </li>
  );
}

export function isFixed({ source }: Pick<Setting, 'source'>): boolean {
  return source === 'environment' || source === 'file';
}

function ReadOnlyValue({ setting }: { readonly setting: Setting }) {
  const where = setting.source === 'file' ? 'the .env file' : 'the environment';
  return (
    <>
      <p className={cx('text-sm break-words', setting.value === null ? 'text-faint' : 'font-medium')}>
        {valueText(setting.kind, setting.value)}
      </p>
      {isFixed(setting) && (
        <p className="flex gap-1.5 text-xs text-faint">
          <Lock className="mt-0.5 size-3 shrink-0" aria-hidden />
          <span>
            Fixed by {setting.name} in {where}. Take it out there and restart the server to set it here.
          </span>
        </p>
      )}
    </>
  );
}

function Overtaken({ setting, last, onDiscard }: SettingRowProps) {
  const now = valueText(setting.kind, setting.value);
  return (
    <div
      role="status"
      className="flex flex-col gap-1.5 rounded-md bg-warn-soft px-2.5 py-2 text-xs text-warn"
    >
      <p className="flex gap-1.5">
        <TriangleAlert className="mt-0.5 size-3 shrink-0" aria-hidden />
        <span className="min-w-0 break-words">
          {setting.changedBy ?? last?.by ?? 'Somebody else'} changed this to {now} while you were editing it.
          Saving puts your value in its place.
        </span>
      </p>
      <Button size="sm" className="self-start" onClick={() => onDiscard(setting.name)}>
        Take theirs
      </Button>
    </div>
  );
}

function Actions({ setting, edit, last, onValue, onDiscard }: SettingRowProps) {
  const title = settingTitle(setting.name);
  const planned = edit?.reset === true ? 'Goes back to the default when saved.' : 'Not saved yet.';
  // Back to the default there is a button of its own.
  const canUndo = last !== undefined && last.before !== null && !sameValue(last.before, setting.value);
  const buttons: ReactNode[] = [];
  if (edit !== undefined) {
    buttons.push(
      <Button
        key="discard"
        size="sm"
        variant="ghost"
        icon={X}
        aria-label={`Discard the change of ${title}`}
        onClick={() => onDiscard(setting.name)}
      >
        Discard
      </Button>,
    );
  } else if (canUndo) {
    buttons.push(
      <Button
        key="undo"
        size="sm"
        variant="ghost"
        icon={Undo2}
        aria-label={`Undo, to ${changedText(setting, last.before)}: the last change of ${title}`}
        onClick={() => onValue(setting, last.before)}
        className="max-w-full"
      >
        <span className="truncate">Undo, to {changedText(setting, last.before)}</span>
      </Button>,
    );
  }
  if (setting.source === 'console' && edit?.reset !== true) {
    buttons.push(
      <Button
        key="reset"
        size="sm"
        variant="ghost"
        icon={RotateCcw}
        aria-label={`Reset to default: ${title}`}
        onClick={() => onValue(setting, null)}
      >
        Reset to default
      </Button>,
    );
  }
  if (buttons.length === 0) return null;
  return (
    <div className="-ml-2 flex flex-wrap items-center gap-1">
      {buttons}
      {edit !== undefined && <span className="text-xs text-accent">{planned}</span>}
    </div>
  );
}
