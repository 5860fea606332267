import { useNavigate } from '@tanstack/react-router';
import {
  ChevronDown,
  Copy,
  Download,
  EllipsisVertical,
  FlaskConical,
  Globe,
  History,
  Link2,
  Repeat2,
  Shuffle,
} from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import type {
  ActiveRun,
  RecordDetail,
  RequestRecord,
  TimelineEntry,
} from '../../../../../src/contract/index.ts';
import { hasLeftOut } from '../../../agent/left-out.ts';
import { saveText } from '../../../api/download.ts';
import { usePaletteActions } from '../../../palette/palette-state.ts';
import { useSession } from '../../../session/use-session.ts';
import { ShareDialog } from '../../../share/share-dialog.tsx';
import { Button, IconButton } from '../../../ui/button.tsx';
import { copyText } from '../../../ui/copy-button.tsx';
import { Menu, MenuItem, MenuLabel, MenuSeparator } from '../../../ui/menu.tsx';
import { type SampleRequest, toCurl, toJavaScript, toPython } from './code-samples.ts';
import { headersToRepeat } from './headers-to-repeat.ts';
import { ReplayDialog } from './replay-dialog.tsx';
import { RollBackDialog } from './roll-back-dialog.tsx';
import { StopRun } from './stop-run.tsx';

interface RequestActionsProps {
  readonly id: string;
  readonly run: ActiveRun | undefined;
  readonly record: RequestRecord | undefined;
  readonly entries: readonly TimelineEntry[] | undefined;
  readonly detail: RecordDetail | undefined;
  readonly live: boolean;
}

/** What can be done with a request. */
export function RequestActions({ id, run, record, entries, detail, live }: RequestActionsProps) {
  const [dialog, setDialog] = useState<'rollback' | 'replay' | 'share'>();
  const { isAdmin } = useSession();
  const navigate = useNavigate();
  const sample = sampleOf(record, detail);
  const canReplay = sample !== undefined && sample.body !== null;

  const copy = async (text: string, what: string): Promise<void> => {
    if (await copyText(text)) toast.success(`${what} copied`);
    else toast.error('The browser does not let this page copy.');
  };
  const copySample = (write: (request: SampleRequest) => string, what: string): void => {
    if (sample !== undefined) void copy(write(sample), what);
  };
  const copyLink = (): void =>
    void copy(`${location.origin}/webui/records/${encodeURIComponent(id)}`, 'Link');
  const replay = (): void => void navigate({ to: '/playground', search: { replay: id } });
  const save = (): void =>
    saveText(
      `${id}.json`,
      JSON.stringify({ record: record ?? run, detail: detail ?? { timeline: entries ?? [] } }, null, 2),
      'application/json',
    );

  usePaletteActions([
    { id: 'copy-link', label: 'Copy the link to this request', icon: Link2, shortcut: 'l', run: copyLink },
    { id: 'download', label: 'Download this request as JSON', icon: Download, run: save },
    ...(canReplay
      ? [{ id: 'replay', label: 'Replay in the playground', icon: FlaskConical, shortcut: 'p', run: replay }]
      : []),
  ]);

  return (
    <>
      {live && run !== undefined && <StopRun run={run} />}
      <Menu
        trigger={
          <Button
            icon={Repeat2}
            disabled={!canReplay}
            title={canReplay ? undefined : replayReason(live, record)}
          >
            Replay <ChevronDown className="size-3.5" aria-hidden />
          </Button>
        }
      >
        <MenuItem icon={FlaskConical} onSelect={replay}>
          Open in the playground
        </MenuItem>
        <MenuItem icon={Shuffle} onSelect={() => setDialog('replay')}>
          With another model…
        </MenuItem>
      </Menu>
      <Menu
        trigger={
          <Button icon={Copy}>
            Copy <ChevronDown className="size-3.5" aria-hidden />
          </Button>
        }
      >
        <MenuItem icon={Link2} onSelect={copyLink}>
          Link
        </MenuItem>
        {isAdmin && (
          <MenuItem icon={Globe} disabled={record === undefined} onSelect={() => setDialog('share')}>
            Public link…
          </MenuItem>
        )}
        <MenuItem icon={Copy} onSelect={() => void copy(id, 'Request id')}>
          Request id
        </MenuItem>
        <MenuSeparator />
        <MenuItem disabled={sample === undefined} onSelect={() => copySample(toCurl, 'curl command')}>
          curl
        </MenuItem>
        <MenuItem disabled={sample === undefined} onSelect={() => copySample(toPython, 'Python')}>
          Python
        </MenuItem>
        <MenuItem disabled={sample === undefined} onSelect={() => copySample(toJavaScript, 'JavaScript')}>
          JavaScript
        </MenuItem>
        {sample !== undefined && hasLeftOut(sample.body) && (
          <MenuLabel>Texts were not kept and are left out</MenuLabel>
        )}
      </Menu>
      <Menu trigger={<IconButton icon={EllipsisVertical} label="More actions" variant="secondary" />}>
        <MenuItem icon={Download} onSelect={save}>
          Download as JSON
        </MenuItem>
        {isAdmin && (
          <MenuItem icon={History} danger disabled={live} onSelect={() => setDialog('rollback')}>
            Roll back file changes…
          </MenuItem>
        )}
      </Menu>
      <RollBackDialog
        id={id}
        open={dialog === 'rollback'}
        onOpenChange={(open) => setDialog(open ? 'rollback' : undefined)}
      />
      {dialog === 'share' && <ShareDialog id={id} onClose={() => setDialog(undefined)} />}
      {dialog === 'replay' && (
        <ReplayDialog
          id={id}
          model={record?.modelAsked ?? ''}
          open
          onOpenChange={(open) => setDialog(open ? 'replay' : undefined)}
        />
      )}
    </>
  );
}

/** Undefined: it cannot be sent again as it was. */
function sampleOf(
  record: RequestRecord | undefined,
  detail: RecordDetail | undefined,
): SampleRequest | undefined {
  // What stands in braces is not kept.
  if (record === undefined || detail === undefined || record.endpoint.includes('{')) return undefined;
  const { method, endpoint } = record;
  const { request: body, requestHeaders } = detail;
  return { method, endpoint, origin: location.origin, headers: headersToRepeat(requestHeaders), body };
}

function replayReason(live: boolean, record: RequestRecord | undefined): string {
  if (live || record === undefined) return 'Once the run is over';
  return 'Its body was not kept (RECORD_DETAIL)';
}
