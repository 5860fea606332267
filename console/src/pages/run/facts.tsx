import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { RequestRecord } from '../../../../src/contract/index.ts';
import { formatDuration, formatMoney, formatNumber, formatTime, none } from '../../format/format.ts';
import { Badge } from '../../ui/badge.tsx';
import { Card } from '../../ui/card.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { cx } from '../../ui/cx.ts';

const link = 'text-accent hover:underline';

/** All fields of a record. */
export function Facts({
  record,
  narrow = false,
}: {
  readonly record: RequestRecord;
  /** In one column. */
  readonly narrow?: boolean;
}) {
  const { keyId, keyName, profile, conversation } = record;
  const tools = Object.entries(record.tools).sort(([, a], [, b]) => b - a);
  return (
    <div className={cx('grid items-start gap-5', !narrow && 'lg:grid-cols-2')}>
      <Group title="Request">
        <Fact name="Request id">
          <Copied text={record.id} what="request id" />
        </Fact>
        <Fact name="Started">{formatTime(record.startedAt)}</Fact>
        <Fact name="Endpoint">
          <span className="font-mono text-xs">
            {record.method} {record.endpoint}
          </span>
        </Fact>
        <Fact name="Transport">{record.transport}</Fact>
        <Fact name="Streamed">{record.stream ? 'yes' : 'no'}</Fact>
        <Fact name="Response id">
          {record.responseId !== null && <Copied text={record.responseId} what="response id" />}
        </Fact>
        <Fact name="Conversation">
          {conversation !== null && (
            <span className="flex min-w-0 flex-wrap gap-x-3">
              <Link
                to="/conversations/$id"
                params={{ id: conversation }}
                className={`${link} font-mono text-xs`}
              >
                {conversation}
              </Link>
              <Link to="/records" search={{ conversation }} className={link}>
                its requests
              </Link>
            </span>
          )}
        </Fact>
      </Group>
      <Group title="Who">
        <Fact name="API key">
          {keyId !== null && (
            <Link to="/keys/$id" params={{ id: keyId }} className={link}>
              {keyName ?? keyId}
            </Link>
          )}
        </Fact>
        <Fact name="Owner">{record.owner}</Fact>
        <Fact name="Client">{record.client}</Fact>
        <Fact name="Address">{record.address}</Fact>
      </Group>
      <Group title="Outcome">
        <Fact name="Status">{record.status}</Fact>
        <Fact name="Error code">
          {record.errorCode !== null && <span className="font-mono text-xs">{record.errorCode}</span>}
        </Fact>
        <Fact name="Error message">{record.errorMessage}</Fact>
        <Fact name="Stop reason">{record.stopReason}</Fact>
        <Fact name="Duration">
          {formatDuration(record.durationMs)}{' '}
          <span className="text-faint">({formatNumber(record.durationMs)} ms)</span>
        </Fact>
        <Fact name="First token">{record.firstTokenMs !== null && formatDuration(record.firstTokenMs)}</Fact>
      </Group>
      <Group title="Model">
        <Fact name="Asked for">{record.modelAsked}</Fact>
        <Fact name="Used">{record.modelUsed}</Fact>
        <Fact name="Profile">
          {profile !== null && (
            <Link to="/profiles/$name" params={{ name: profile }} className={link}>
              {profile}
            </Link>
          )}
        </Fact>
        <Fact name="Session">{record.source}</Fact>
        <Fact name="Model calls">{formatNumber(record.upstreamCalls)}</Fact>
      </Group>
      <Group title="Tokens and cost">
        <Fact name="Input">{formatNumber(record.inputTokens)}</Fact>
        <Fact name="Read from the cache">{formatNumber(record.cachedInputTokens)}</Fact>
        <Fact name="Written to the cache">{formatNumber(record.cacheWriteTokens)}</Fact>
        <Fact name="Output">{formatNumber(record.outputTokens)}</Fact>
        <Fact name="Thinking">{formatNumber(record.thinkingTokens)}</Fact>
        <Fact name="Cost">{formatMoney(record.costUsd)}</Fact>
      </Group>
      <Group title="Work">
        <Fact name="Tools">
          {tools.length > 0 && (
            <span className="flex flex-wrap gap-1">
              {tools.map(([name, count]) => (
                <Badge key={name}>
                  {name} × {count}
                </Badge>
              ))}
            </span>
          )}
        </Fact>
        <Fact name="Files">
          {record.files.length > 0 && (
            <ul className="font-mono text-xs">
              {record.files.map((file) => (
                <li key={file}>{file}</li>
              ))}
            </ul>
          )}
        </Fact>
      </Group>
    </div>
  );
}

function Group({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Card title={title}>
      <dl className="grid grid-cols-[8.5rem_minmax(0,1fr)] gap-x-4 gap-y-2 text-sm">{children}</dl>
    </Card>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  const isEmpty = children === null || children === undefined || children === false || children === '';
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0">{isEmpty ? <span className="text-faint">{none}</span> : children}</dd>
    </>
  );
}

function Copied({ text, what }: { readonly text: string; readonly what: string }) {
  return (
    <span className="flex min-w-0 items-center gap-1">
      <span className="min-w-0 font-mono text-xs">{text}</span>
      <CopyButton text={text} label={`Copy the ${what}`} className="-my-1" />
    </span>
  );
}
