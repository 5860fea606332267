import { AccessError } from '../../../access/index.ts';
import type { recordEndpoints } from '../../../contract/index.ts';
import type { RecordQueries } from '../../console/console-services.ts';
import { exportRecords } from '../../console/export-records.ts';
import type { HandlersOf } from '../../console/handle-endpoint.ts';

export function recordHandlers(
  records: RecordQueries,
  onExportFailed: (error: Error) => void,
): HandlersOf<typeof recordEndpoints> {
  return {
    listRecords: ({ query: { cursor, limit, ...filter } }) => records.list(filter, { cursor, limit }),
    exportRecords: ({ query: { format, ...filter } }) =>
      exportRecords(records.all(filter), format, onExportFailed),
    async getRecord({ params }) {
      const record = await records.get(params.id);
      if (record === null) throw new AccessError('not_found', `There is no record '${params.id}'.`);
      return record;
    },
    async getRecordDetail({ params }) {
      const detail = await records.detail(params.id);
      if (detail !== null) return detail;
      throw new AccessError('not_found', `Neither bodies nor a timeline are kept for '${params.id}'.`);
    },
    recordStatus: () => records.status(),
  };
}
