import { client } from './support/client.ts';
import { proveAgent } from './support/prove-agent.ts';
import { cline } from './support/run-cline.ts';
import { useServer } from './support/use-server.ts';

proveAgent(useServer(), client('cline', 'chat'), cline);
