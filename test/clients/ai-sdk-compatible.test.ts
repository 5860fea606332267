import { aiSdk } from './support/ai-sdk-library.ts';
import { client } from './support/client.ts';
import { loadClient } from './support/load-client.ts';
import { proveAbilities } from './support/prove-abilities.ts';
import { useServer } from './support/use-server.ts';

interface CompatibleProvider {
  createOpenAICompatible(options: {
    readonly name: string;
    readonly baseURL: string;
    readonly apiKey: string;
    readonly supportsStructuredOutputs: boolean;
  }): (model: string) => object;
}

const use = useServer();

const compatible = aiSdk({
  ai: 'ai',
  brokenOff: 'object',
  modelOf: async ({ baseURL, apiKey, model }) => {
    const { createOpenAICompatible } = await loadClient<CompatibleProvider>('@ai-sdk/openai-compatible');
    return createOpenAICompatible({ name: 'claudecode', baseURL, apiKey, supportsStructuredOutputs: true })(
      model,
    );
  },
});

proveAbilities(use, client('ai-sdk-compatible', 'chat'), compatible);
