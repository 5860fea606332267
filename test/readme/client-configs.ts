import { z } from 'zod';
import type { Block } from './documents.ts';

const baseUrl = z.enum(['http://127.0.0.1:3000/v1', 'http://host.docker.internal:3000/v1']);
const key = z.string().min(1);

/** The models that a client's configuration names. */
const shapes: Readonly<Record<string, z.ZodType<readonly string[]>>> = {
  Codex: z
    .object({
      model: z.string(),
      model_provider: z.literal('claudecode'),
      model_providers: z.object({
        claudecode: z.object({
          name: z.string(),
          base_url: baseUrl,
          env_key: z.string().regex(/^[A-Z_]+$/),
          wire_api: z.literal('responses'),
        }),
      }),
    })
    .transform(({ model }) => [model]),
  opencode: z
    .object({
      provider: z.record(
        z.string(),
        z.object({
          npm: z.enum(['@ai-sdk/openai-compatible', '@ai-sdk/openai']),
          options: z.object({ baseURL: baseUrl, apiKey: key }),
          models: z.record(z.string(), z.object({ name: z.string() })),
        }),
      ),
    })
    .transform(({ provider }) => Object.values(provider).flatMap(({ models }) => Object.keys(models))),
  Continue: z
    .object({
      name: z.string(),
      version: z.string(),
      schema: z.literal('v1'),
      models: z.array(
        z.object({
          name: z.string(),
          provider: z.literal('openai'),
          model: z.string(),
          apiBase: baseUrl,
          apiKey: key,
          roles: z.array(z.enum(['chat', 'edit', 'apply', 'summarize', 'autocomplete'])),
        }),
      ),
    })
    .transform(({ models }) => models.map(({ model }) => model)),
  Zed: z
    .object({
      language_models: z.object({
        openai_compatible: z.record(
          z.string(),
          z.object({
            api_url: baseUrl,
            available_models: z.array(
              z.object({
                name: z.string(),
                display_name: z.string(),
                max_tokens: z.int(),
                capabilities: z.record(z.string(), z.boolean()),
              }),
            ),
          }),
        ),
      }),
    })
    .transform(({ language_models }) =>
      Object.values(language_models.openai_compatible).flatMap(({ available_models }) =>
        available_models.map(({ name }) => name),
      ),
    ),
  LibreChat: z
    .object({
      endpoints: z.object({
        custom: z.array(
          z.object({
            name: z.string(),
            apiKey: key,
            baseURL: baseUrl,
            models: z.object({ default: z.array(z.string()), fetch: z.boolean() }),
            titleConvo: z.boolean(),
            titleModel: z.string(),
          }),
        ),
      }),
    })
    .transform(({ endpoints }) =>
      endpoints.custom.flatMap(({ models, titleModel }) =>
        [...models.default, titleModel].filter((name) => name !== 'current_model'),
      ),
    ),
  'Open WebUI': z
    .object({
      services: z.object({
        'open-webui': z.object({
          image: z.string(),
          ports: z.array(z.string()),
          environment: z.object({ OPENAI_API_BASE_URL: baseUrl, OPENAI_API_KEY: key }).loose(),
          extra_hosts: z.array(z.string()),
          volumes: z.array(z.string()),
        }),
      }),
      volumes: z.unknown(),
    })
    .transform(() => []),
  LiteLLM: z
    .object({
      model_list: z.array(
        z.object({
          model_name: z.string(),
          litellm_params: z.object({
            model: z.string().startsWith('openai/'),
            api_base: baseUrl,
            api_key: key,
          }),
        }),
      ),
    })
    .transform(({ model_list }) =>
      model_list.map(({ litellm_params: { model } }) => model.replace('openai/', '')),
    ),
};

/** The models that a configuration under a client's heading of docs/clients.md names; undefined for other blocks. */
export function modelsOfConfig({ document, heading }: Block, value: unknown): readonly string[] | undefined {
  const shape = document === 'docs/clients.md' ? shapes[heading] : undefined;
  return shape?.parse(value);
}
