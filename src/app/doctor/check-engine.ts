import type { Check } from '../../contract/index.ts';
import type { EngineStatus } from '../../engine/index.ts';
import { howToSupplyCredentials } from '../../http/index.ts';

/** Whether Claude Code starts, and whether it has credentials; no model is asked. */
export function checkEngine(status: EngineStatus): Check[] {
  return [engineCheck(status), credentialCheck(status)];
}

function engineCheck({ state, failure, injection }: EngineStatus): Check {
  const name = 'Claude Code';
  switch (state) {
    case 'ready':
      return injection === 'proven'
        ? { name, status: 'ok', message: 'It starts, and takes conversations over its input.', hint: null }
        : {
            name,
            status: 'warning',
            message: 'It starts, but did not take a conversation over its input: answers begin later.',
            hint: 'Nothing is lost; conversations go through transcripts. Check that this version of claudecode-api has the Agent SDK that it was released with.',
          };
    case 'starting':
      return { name, status: 'warning', message: 'It is starting.', hint: 'Look again in a moment.' };
    case 'failed':
      return {
        name,
        status: 'failed',
        message: failure ?? 'It did not start.',
        hint: 'The log has the whole story. With LOG_LEVEL=debug it has each of its messages.',
      };
    case 'closed':
      return { name, status: 'failed', message: 'It has been closed.', hint: null };
  }
}

function credentialCheck({ credentials }: EngineStatus): Check {
  const name = 'Claude credentials';
  switch (credentials.state) {
    case 'present':
      return {
        name,
        status: 'ok',
        message:
          credentials.source === undefined
            ? 'Found.'
            : `Found: ${credentials.source}. Whether they are valid shows with the first request.`,
        hint: null,
      };
    case 'missing': {
      const [what = '', ...how] = howToSupplyCredentials;
      return { name, status: 'failed', message: what, hint: how.join(' ') };
    }
    case 'unknown':
      return { name, status: 'warning', message: 'Not known yet.', hint: 'Look again in a moment.' };
  }
}
