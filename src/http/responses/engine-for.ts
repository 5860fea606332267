import type { Engine } from '../../engine/index.ts';
import type { ResponsesRequest } from '../../openai/index.ts';
import { noUsage } from '../../turn/index.ts';

/** A request that only warms up asks the model nothing: its turn is done at once. */
export function engineFor(
  { generate }: Pick<ResponsesRequest, 'generate'>,
  engine: Pick<Engine, 'runTurn'>,
): Pick<Engine, 'runTurn'> {
  return generate ? engine : warmUp;
}

const warmUp: Pick<Engine, 'runTurn'> = {
  async *runTurn() {
    yield { type: 'done', stopReason: 'end', usage: noUsage };
  },
};
