import { client } from './support/client.ts';
import { proveAgent } from './support/prove-agent.ts';
import { continueAgent } from './support/run-continue.ts';
import { useServer } from './support/use-server.ts';

proveAgent(useServer(), client('continue', 'chat'), continueAgent);
