import { isObject, type JsonObject } from '../../../agent/json-object.ts';

/** What is needed to send a request again. */
export interface SampleRequest {
  readonly method: string;
  /** Such as `/v1/chat/completions`. */
  readonly endpoint: string;
  /** Of this server, without a slash at its end. */
  readonly origin: string;
  /** Those by which the server answers otherwise. */
  readonly headers?: readonly (readonly [string, string])[];
  /** Null: it had none, or it was not kept. */
  readonly body: unknown;
}

/** For a POSIX shell. The key is read from the environment. */
export function toCurl({ method, endpoint, origin, headers = [], body }: SampleRequest): string {
  const stream = isObject(body) && body['stream'] === true;
  const lines = [
    `curl ${stream ? '-N ' : ''}${method === 'GET' || (method === 'POST' && body !== null) ? '' : `-X ${method} `}${shellQuote(origin + endpoint)}`,
    `-H "Authorization: Bearer $OPENAI_API_KEY"`,
    ...headers.map(([name, value]) => `-H ${shellQuote(`${name}: ${value}`)}`),
  ];
  if (body !== null)
    lines.push(`-H 'Content-Type: application/json'`, `-d ${shellQuote(JSON.stringify(body, null, 2))}`);
  return lines.join(' \\\n  ');
}

/** With the client of OpenAI where it has a method for it, else with httpx, which comes with it. */
export function toPython({ method, endpoint, origin, headers = [], body }: SampleRequest): string {
  const known = clientCalls[endpoint];
  if (known === undefined || method !== 'POST' || !isObject(body)) {
    const json = body === null ? '' : `\n    json=${python(body, 1)},`;
    const more = headers.map(([name, value]) => `, ${python(name, 0)}: ${python(value, 0)}`).join('');
    return [
      'import os',
      '',
      'import httpx',
      '',
      'response = httpx.request(',
      `    ${python(method, 1)},`,
      `    ${python(origin + endpoint, 1)},`,
      `    headers={"Authorization": f"Bearer {os.environ['OPENAI_API_KEY']}"${more}},${json}`,
      '    timeout=600,',
      ')',
      'response.raise_for_status()',
      'print(response.text)',
    ].join('\n');
  }
  const fields = Object.entries(body).filter(([name]) => known.fields.has(name));
  const extra = Object.entries(body).filter(([name]) => !known.fields.has(name));
  const given = fields.map(([name, value]) => `    ${name}=${python(value, 1)},`);
  if (headers.length > 0) given.push(`    extra_headers=${python(Object.fromEntries(headers), 1)},`);
  if (extra.length > 0) given.push(`    extra_body=${python(Object.fromEntries(extra), 1)},`);
  return [
    'from openai import OpenAI',
    '',
    '# Reads the key from OPENAI_API_KEY.',
    `client = OpenAI(base_url=${python(`${origin}/v1`, 0)})`,
    '',
    `answer = client.${known.call}(`,
    ...given,
    ')',
    ...(body['stream'] === true ? ['for event in answer:', '    print(event)'] : ['print(answer.to_json())']),
  ].join('\n');
}

/** With the client of OpenAI where it has a method for it, else with `fetch`. */
export function toJavaScript({ method, endpoint, origin, headers = [], body }: SampleRequest): string {
  const known = clientCalls[endpoint];
  if (known === undefined || method !== 'POST' || !isObject(body)) {
    const fields = [
      `  method: ${quote(method)},`,
      `  headers: {`,
      `    Authorization: \`Bearer \${process.env.OPENAI_API_KEY}\`,`,
    ];
    for (const [name, value] of headers) fields.push(`    ${quote(name)}: ${quote(value)},`);
    if (body !== null) fields.push(`    'Content-Type': 'application/json',`);
    fields.push('  },');
    if (body !== null) fields.push(`  body: JSON.stringify(${indent(JSON.stringify(body, null, 2), '  ')}),`);
    return [
      `const response = await fetch(${quote(origin + endpoint)}, {`,
      ...fields,
      '});',
      'console.log(await response.text());',
    ].join('\n');
  }
  const own = headers.map(([name, value]) => `${quote(name)}: ${quote(value)}`).join(', ');
  const options = own === '' ? '' : `, { headers: { ${own} } }`;
  return [
    `import OpenAI from 'openai';`,
    '',
    '// Reads the key from OPENAI_API_KEY.',
    `const client = new OpenAI({ baseURL: ${quote(`${origin}/v1`)} });`,
    '',
    `const answer = await client.${known.call}(${JSON.stringify(body, null, 2)}${options});`,
    ...(body['stream'] === true
      ? ['for await (const event of answer) console.log(event);']
      : ['console.log(answer);']),
  ].join('\n');
}

interface ClientCall {
  readonly call: string;
  /** What the Python client takes by name; all else goes into `extra_body`. */
  readonly fields: ReadonlySet<string>;
}

const clientCalls: Readonly<Record<string, ClientCall>> = {
  '/v1/chat/completions': {
    call: 'chat.completions.create',
    fields: names(
      'model messages stream stream_options temperature top_p n stop max_tokens max_completion_tokens presence_penalty frequency_penalty logit_bias logprobs top_logprobs user seed tools tool_choice parallel_tool_calls response_format reasoning_effort metadata store service_tier prediction modalities audio functions function_call verbosity',
    ),
  },
  '/v1/responses': {
    call: 'responses.create',
    fields: names(
      'model input instructions stream stream_options temperature top_p max_output_tokens max_tool_calls previous_response_id conversation store background include tools tool_choice parallel_tool_calls text reasoning metadata truncation user service_tier',
    ),
  },
  '/v1/completions': {
    call: 'completions.create',
    fields: names(
      'model prompt stream stream_options temperature top_p n stop max_tokens presence_penalty frequency_penalty logprobs echo suffix best_of user seed',
    ),
  },
};

function names(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}

function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** A value as Python writes it. */
function python(value: unknown, depth: number): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value !== 'object') return JSON.stringify(value);
  const pad = '    '.repeat(depth + 1);
  const items = Array.isArray(value)
    ? value.map((item) => `${pad}${python(item, depth + 1)},\n`)
    : Object.entries(value as JsonObject).map(
        ([key, item]) => `${pad}${JSON.stringify(key)}: ${python(item, depth + 1)},\n`,
      );
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return items.length === 0 ? `${open}${close}` : `${open}\n${items.join('')}${'    '.repeat(depth)}${close}`;
}

function indent(text: string, by: string): string {
  return text.replaceAll('\n', `\n${by}`);
}
