import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Api } from './matrix.ts';
import type { Access, Library } from './prove-abilities.ts';
import { startRefusingProxy } from './refusing-proxy.ts';
import { weatherOf, weatherTool } from './weather.ts';

const program = fileURLToPath(new URL('openai_client.py', import.meta.url));
const pinned = readFileSync(new URL('../requirements.txt', import.meta.url), 'utf8').trim();

/** Why the client cannot be tested here; undefined if it can. */
export function missingPython(): string | undefined {
  const script = 'import openai; print("openai==" + openai.__version__)';
  const { stdout } = spawnSync('python3', ['-c', script], { encoding: 'utf8' });
  return stdout?.trim() === pinned ? undefined : `python3 has no ${pinned}`;
}

interface Line {
  readonly delta?: string;
  readonly value?: unknown;
  readonly error?: { readonly kind: string; readonly status: unknown; readonly message: string };
}

/** An error of the Python client, by the name of its class there. */
class PythonError extends Error {
  readonly status: unknown;

  constructor({ kind, status, message }: NonNullable<Line['error']>) {
    super(message);
    this.name = kind;
    this.status = status;
  }
}

export function openaiPython(api: Api): Library {
  /** What a call of the program tells, line by line. */
  async function* tell(
    { baseURL, apiKey, model, maxRetries }: Access,
    what: string,
    args: object,
    signal?: AbortSignal,
  ): AsyncGenerator<Line> {
    using proxy = await startRefusingProxy();
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn('python3', [program], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { PATH, HOME, ...proxy.variables },
    });
    const client = {
      base_url: baseURL,
      api_key: apiKey,
      ...(maxRetries !== undefined && { max_retries: maxRetries }),
    };
    child.stdin.write(`${JSON.stringify({ client, api, model, what, arguments: args })}\n`);
    const abort = () => child.stdin.write('abort\n');
    signal?.addEventListener('abort', abort);
    try {
      for await (const line of createInterface(child.stdout)) {
        const told: Line = JSON.parse(line);
        if (told.error !== undefined) throw new PythonError(told.error);
        yield told;
      }
      if (proxy.strayed.length > 0) throw new Error(`It strayed: ${proxy.strayed.join(', ')}`);
    } finally {
      signal?.removeEventListener('abort', abort);
      child.kill('SIGKILL');
    }
  }
  async function resultOf(...call: Parameters<typeof tell>): Promise<unknown> {
    for await (const { value } of tell(...call)) return value;
    throw new Error('The Python program said nothing; what it wrote to its standard error tells why.');
  }
  return {
    errors: {
      401: 'AuthenticationError',
      404: 'NotFoundError',
      503: 'InternalServerError',
      stream: 'APIError',
    },
    asksElsewhere: true,
    ask: async (access, prompt, signal) => String(await resultOf(access, 'ask', { prompt }, signal)),
    async *stream(access, prompt, signal) {
      for await (const { delta } of tell(access, 'stream', { prompt }, signal))
        if (delta !== undefined) yield delta;
    },
    converse: async (access, questions) => {
      const answers = await resultOf(access, 'converse', { questions });
      return Array.isArray(answers) ? answers.map(String) : [];
    },
    runTool: async (access, prompt) => {
      const weathers = { Oslo: weatherOf('Oslo'), Bergen: weatherOf('Bergen') };
      return String(await resultOf(access, 'run_tool', { prompt, tool: weatherTool, weathers }));
    },
    parse: (access, prompt) => resultOf(access, 'parse', { prompt }),
    see: async (access, prompt, picture) => String(await resultOf(access, 'see', { prompt, picture })),
  };
}
