import type { statsEndpoints } from '../../../contract/index.ts';
import type { RecordQueries } from '../../console/console-services.ts';
import type { HandlersOf } from '../../console/handle-endpoint.ts';

export function statsHandlers(records: Pick<RecordQueries, 'stats'>): HandlersOf<typeof statsEndpoints> {
  return { getStats: ({ query }) => records.stats(query) };
}
