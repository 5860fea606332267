import { client } from './support/client.ts';
import { overChat, overResponses } from './support/llamaindex-library.ts';
import { proveAbilities } from './support/prove-abilities.ts';
import { useServer } from './support/use-server.ts';

const use = useServer();

proveAbilities(use, client('llamaindex', 'chat'), overChat());
proveAbilities(use, client('llamaindex', 'responses'), overResponses());
