import { pipeline, Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import { type RequestRecord, requestRecord } from '../../contract/index.ts';
import type { FileAnswer } from './handle-endpoint.ts';

type Pages = AsyncIterable<readonly RequestRecord[]>;

/**
 * Records as a download that is read from the database as fast as the client takes it. A client that leaves ends the
 * query. Rejects where the first page cannot be read; a later failure can only be told by breaking off, and
 * `onFailed` learns of it.
 */
export async function exportRecords(
  pages: Pages,
  format: 'csv' | 'jsonl',
  onFailed: (error: Error) => void,
): Promise<FileAnswer> {
  const reading = pages[Symbol.asyncIterator]();
  const first = await reading.next();
  const all = goOn(first, reading);
  const content = format === 'csv' ? toCsv(all, onFailed) : toJsonLines(all, onFailed);
  // Also where the client had left before anything was read of it.
  content.once('close', () => void reading.return?.()?.catch(onFailed));
  const day = new Date().toISOString().slice(0, 10);
  return { contentType: mediaTypes[format], filename: `claudecode-requests-${day}.${format}`, content };
}

const mediaTypes = {
  csv: 'text/csv; charset=utf-8; header=present',
  jsonl: 'application/jsonl; charset=utf-8',
};

async function* goOn(
  first: IteratorResult<readonly RequestRecord[]>,
  reading: AsyncIterator<readonly RequestRecord[]>,
): AsyncGenerator<readonly RequestRecord[]> {
  for (let page = first; !page.done; page = await reading.next()) yield page.value;
}

function toJsonLines(pages: Pages, onFailed: (error: Error) => void): Readable {
  return Readable.from(jsonLines(pages), { objectMode: false }).on('error', onFailed);
}

/** One chunk a page. */
async function* jsonLines(pages: Pages): AsyncGenerator<string> {
  for await (const page of pages) {
    if (page.length > 0)
      yield page.map((record) => `${JSON.stringify(requestRecord.parse(record))}\n`).join('');
  }
}

/**
 * A column for each field of a record, by its name. Times are in ISO 8601; tools and files are JSON. A cell that
 * a spreadsheet would take for a formula (`=`, `+`, `-`, `@`, tab or carriage return first) begins with an apostrophe.
 */
function toCsv(pages: Pages, onFailed: (error: Error) => void): Readable {
  const content = stringify({
    header: true,
    columns: Object.keys(requestRecord.shape),
    escape_formulas: true,
    cast: {
      boolean: String,
      number: (value, { column }) => (column === 'startedAt' ? new Date(value).toISOString() : String(value)),
    },
  });
  return pipeline(Readable.from(rows(pages)), content, (error) => {
    // What a client's leaving comes to.
    if (error && error.code !== 'ERR_STREAM_PREMATURE_CLOSE') onFailed(error);
  });
}

async function* rows(pages: Pages): AsyncGenerator<RequestRecord> {
  for await (const page of pages) yield* page;
}
