import type { systemEndpoints } from '../../../contract/index.ts';
import type { SystemFacts } from '../../console/console-services.ts';
import type { HandlersOf } from '../../console/handle-endpoint.ts';

export function systemHandlers(system: SystemFacts): HandlersOf<typeof systemEndpoints> {
  return {
    getHealth: async () => ({
      checks: await system.checks(),
      version: system.version,
      node: process.version,
    }),
    getMetrics: () => system.metrics(),
    getLogTail: () => ({ lines: system.logTail() }),
  };
}
