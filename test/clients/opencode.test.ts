import { client } from './support/client.ts';
import { proveAgent } from './support/prove-agent.ts';
import { openCode } from './support/run-opencode.ts';
import { useServer } from './support/use-server.ts';

const use = useServer();
proveAgent(use, client('opencode', 'chat'), openCode('chat'));
proveAgent(use, client('opencode', 'responses'), openCode('responses'));
