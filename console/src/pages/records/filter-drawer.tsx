import { useState } from 'react';
import { useApi } from '../../api/use-api.ts';
import type { TimeSpan } from '../../range/range.ts';
import { Button } from '../../ui/button.tsx';
import { Drawer } from '../../ui/drawer.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { TagsInput } from '../../ui/tags-input.tsx';
import { type RecordsSearch, readRecordsSearch } from './search.ts';

interface FilterDrawerProps {
  readonly search: RecordsSearch;
  readonly span: TimeSpan;
  readonly onApply: (search: RecordsSearch) => void;
  readonly onClose: () => void;
}

/** All filters in one form. */
export function FilterDrawer({ search, span, onApply, onClose }: FilterDrawerProps) {
  const [model, setModel] = useState(search.model ?? []);
  const [key, setKey] = useState(search.key ?? []);
  const [endpoint, setEndpoint] = useState(search.endpoint ?? []);
  const [profile, setProfile] = useState(search.profile ?? []);
  const [status, setStatus] = useState(search.status?.toString() ?? '');
  const [conversation, setConversation] = useState(search.conversation ?? '');
  const [seconds, setSeconds] = useState(
    search.minDurationMs === undefined ? '' : String(search.minDurationMs / 1000),
  );
  const [cost, setCost] = useState(search.minCostUsd?.toString() ?? '');
  const range = { from: Math.round(span.from), to: Math.round(span.to) };
  const fresh = { staleTime: 60_000 };
  const models = useApi('getStats', { query: { ...range, by: 'model' } }, fresh);
  const endpoints = useApi('getStats', { query: { ...range, by: 'endpoint' } }, fresh);
  const keys = useApi('listKeys', {}, fresh);
  const profiles = useApi('listProfiles', {}, fresh);
  const known = (stats: typeof models): readonly string[] =>
    (stats.data?.series ?? []).map(({ value }) => value).filter((value) => value !== '');

  const apply = (): void => {
    const minDurationMs = seconds.trim() === '' ? undefined : Math.round(Number(seconds) * 1000);
    const { range: kept, text, peek, view } = search;
    onApply(
      readRecordsSearch({
        ...{
          range: kept,
          text,
          peek,
          view,
          model,
          key,
          endpoint,
          profile,
          status: status.trim(),
          conversation: conversation.trim(),
        },
        minDurationMs,
        minCostUsd: cost.trim(),
      }),
    );
  };
  return (
    <Drawer
      open
      onOpenChange={onClose}
      title="Filters"
      description="All of them have to fit. They are part of the page’s address."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form="records-filters">
            Show
          </Button>
        </>
      }
    >
      <form
        id="records-filters"
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          apply();
        }}
      >
        <Field label="Status" hint="ok, error, or a number such as 429.">
          <Input
            value={status}
            onChange={(event) => setStatus(event.target.value)}
            pattern="ok|error|[1-5][0-9][0-9]"
            autoComplete="off"
          />
        </Field>
        <Field label="Models" hint="As they were used.">
          <TagsInput value={model} onChange={setModel} suggestions={known(models)} />
        </Field>
        <Field label="API keys">
          <TagsInput
            value={key}
            onChange={setKey}
            suggestions={(keys.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          />
        </Field>
        <Field label="Endpoints">
          <TagsInput value={endpoint} onChange={setEndpoint} suggestions={known(endpoints)} />
        </Field>
        <Field label="Profiles">
          <TagsInput
            value={profile}
            onChange={setProfile}
            suggestions={(profiles.data?.items ?? []).map(({ name }) => name)}
          />
        </Field>
        <Field label="Conversation" hint="Its id, or that of the response it goes on from.">
          <Input
            value={conversation}
            onChange={(event) => setConversation(event.target.value)}
            autoComplete="off"
          />
        </Field>
        <div className="grid grid-cols-2 gap-4">
          <Field label="Least duration" hint="Seconds.">
            <Input
              type="number"
              min={0}
              step="any"
              value={seconds}
              onChange={(event) => setSeconds(event.target.value)}
            />
          </Field>
          <Field label="Least cost" hint="US dollars.">
            <Input
              type="number"
              min={0}
              step="any"
              value={cost}
              onChange={(event) => setCost(event.target.value)}
            />
          </Field>
        </div>
      </form>
    </Drawer>
  );
}
