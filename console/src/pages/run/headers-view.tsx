import type { RecordDetail, RequestRecord } from '../../../../src/contract/index.ts';
import { leftOutLength } from '../../agent/left-out.ts';
import { Card } from '../../ui/card.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { cx } from '../../ui/cx.ts';
import { KeepMore } from './keep-more.tsx';

type Headers = readonly (readonly [string, string])[];

interface HeadersViewProps {
  readonly detail: Pick<RecordDetail, 'requestHeaders' | 'responseHeaders'>;
  readonly transport: RequestRecord['transport'];
}

/** The headers of a request and of its answer. */
export function HeadersView({ detail, transport }: HeadersViewProps) {
  const { requestHeaders, responseHeaders } = detail;
  const leftOut = [...(requestHeaders ?? []), ...(responseHeaders ?? [])].some(
    ([, value]) => leftOutLength(value) !== undefined,
  );
  return (
    <div className="flex min-w-0 flex-col gap-4">
      {leftOut && <KeepMore />}
      <HeaderTable
        title="Request headers"
        description={begun[transport]}
        headers={requestHeaders}
        none="They were not kept: an older version wrote this record, or RECORD_DETAIL was off when the request came."
      />
      <HeaderTable
        title="Response headers"
        description="As the server set them; a few more, such as the date, are added as they are sent."
        headers={responseHeaders}
        none={unanswered[transport]}
      />
    </div>
  );
}

const begun: Readonly<Record<RequestRecord['transport'], string>> = {
  http: 'Secrets are never kept, whatever RECORD_DETAIL says.',
  websocket: 'Of the request that opened the WebSocket. Secrets are never kept.',
  background: 'Of the request that began the run. Secrets are never kept.',
};

const unanswered: Readonly<Record<RequestRecord['transport'], string>> = {
  http: 'None went out, or an older version wrote this record.',
  websocket: 'An answer over a WebSocket has none.',
  background: 'A run in the background has none; the request that began it was answered at once.',
};

interface HeaderTableProps {
  readonly title: string;
  readonly description: string;
  readonly headers: Headers | null;
  /** Said where there are none. */
  readonly none: string;
}

function HeaderTable({ title, description, headers, none }: HeaderTableProps) {
  const isEmpty = headers === null || headers.length === 0;
  return (
    <Card
      title={title}
      {...(!isEmpty && {
        description,
        flush: true,
        actions: <CopyButton text={asText(headers)} label={`Copy the ${title.toLowerCase()}`} wide />,
      })}
    >
      {isEmpty ? (
        <p className="text-sm text-muted">{none}</p>
      ) : (
        <table aria-label={title} className="w-full table-fixed text-sm">
          <colgroup>
            <col className="w-2/5 sm:w-64" />
            <col />
          </colgroup>
          <thead className="sr-only">
            <tr>
              <th>Name</th>
              <th>Value</th>
            </tr>
          </thead>
          <tbody>
            {withIds(headers).map(({ id, name, value }) => (
              <tr key={id} className="border-t border-line align-top">
                <th
                  scope="row"
                  className="py-1.5 pr-3 pl-4 text-left font-mono text-xs leading-5 font-normal wrap-anywhere text-muted"
                >
                  {name}
                </th>
                <td
                  className={cx(
                    'py-1.5 pr-4 font-mono text-xs leading-5 wrap-anywhere',
                    isStandIn(value) && 'text-faint',
                  )}
                >
                  {value}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}

/** Names may repeat. */
function withIds(headers: Headers) {
  return headers.map(([name, value], index) => ({ id: `${index} ${name}`, name, value }));
}

function isStandIn(value: string): boolean {
  return value === '[redacted]' || leftOutLength(value) !== undefined;
}

/** As they stand in HTTP. */
function asText(headers: Headers): string {
  return headers.map(([name, value]) => `${name}: ${value}`).join('\n');
}
