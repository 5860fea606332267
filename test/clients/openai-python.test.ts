import { client } from './support/client.ts';
import { missingPython, openaiPython } from './support/openai-python-library.ts';
import { proveAbilities } from './support/prove-abilities.ts';
import { useServer } from './support/use-server.ts';

const use = useServer();
const missing = missingPython();

proveAbilities(use, client('openai-python', 'chat', { missing }), openaiPython('chat'));
proveAbilities(use, client('openai-python', 'responses', { missing }), openaiPython('responses'));
