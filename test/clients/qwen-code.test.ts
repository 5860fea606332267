import { client } from './support/client.ts';
import { proveAgent } from './support/prove-agent.ts';
import { qwenCode } from './support/run-qwen-code.ts';
import { useServer } from './support/use-server.ts';

proveAgent(useServer(), client('qwen-code', 'chat'), qwenCode);
