import type { auditEndpoints } from '../../../contract/index.ts';
import type { ConsoleServices } from '../../console/console-services.ts';
import type { HandlersOf } from '../../console/handle-endpoint.ts';

export function auditHandlers(audit: ConsoleServices['audit']): HandlersOf<typeof auditEndpoints> {
  return { listAudit: ({ query }) => audit.list(query) };
}
