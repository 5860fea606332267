import { expect, test } from 'vitest';
import { toCurl, toJavaScript, toPython } from './code-samples.ts';
import { headersToRepeat } from './headers-to-repeat.ts';

const chat = {
  method: 'POST',
  endpoint: '/v1/chat/completions',
  origin: 'http://localhost:3000',
  body: { model: 'opus', messages: [{ role: 'user', content: 'it\'s "me"' }], stream: true },
};
const files = { method: 'DELETE', endpoint: '/v1/files/file-1', origin: 'http://localhost:3000', body: null };

test('curl: the key comes from the environment, quotes of the body are safe', () => {
  expect(toCurl(chat)).toBe(
    [
      `curl -N 'http://localhost:3000/v1/chat/completions' \\`,
      `  -H "Authorization: Bearer $OPENAI_API_KEY" \\`,
      `  -H 'Content-Type: application/json' \\`,
      `  -d '{`,
      `  "model": "opus",`,
      `  "messages": [`,
      `    {`,
      `      "role": "user",`,
      `      "content": "it'\\''s \\"me\\""`,
      `    }`,
      `  ],`,
      `  "stream": true`,
      `}'`,
    ].join('\n'),
  );
  expect(toCurl(files)).toBe(
    `curl -X DELETE 'http://localhost:3000/v1/files/file-1' \\\n  -H "Authorization: Bearer $OPENAI_API_KEY"`,
  );
  expect(toCurl({ ...files, method: 'POST' })).toContain('curl -X POST ');
});

test('Python: the client’s own method, in Python’s words; what it does not know goes apart', () => {
  const body = { ...chat.body, stream: false, stop: null, my_field: { deep: [true, []] } };
  expect(toPython({ ...chat, body })).toBe(
    [
      'from openai import OpenAI',
      '',
      '# Reads the key from OPENAI_API_KEY.',
      'client = OpenAI(base_url="http://localhost:3000/v1")',
      '',
      'answer = client.chat.completions.create(',
      '    model="opus",',
      '    messages=[',
      '        {',
      '            "role": "user",',
      '            "content": "it\'s \\"me\\"",',
      '        },',
      '    ],',
      '    stream=False,',
      '    stop=None,',
      '    extra_body={',
      '        "my_field": {',
      '            "deep": [',
      '                True,',
      '                [],',
      '            ],',
      '        },',
      '    },',
      ')',
      'print(answer.to_json())',
    ].join('\n'),
  );
  expect(
    toPython({ ...chat, endpoint: '/v1/responses', body: { model: 'a', input: 'b', stream: true } }),
  ).toContain(
    'answer = client.responses.create(\n    model="a",\n    input="b",\n    stream=True,\n)\nfor event in answer:',
  );
});

test('Python and JavaScript: without a method of the client, plain HTTP', () => {
  expect(toPython(files)).toContain(
    'httpx.request(\n    "DELETE",\n    "http://localhost:3000/v1/files/file-1",',
  );
  expect(toJavaScript(files)).toContain(
    "await fetch('http://localhost:3000/v1/files/file-1', {\n  method: 'DELETE',",
  );
  expect(toJavaScript(files)).not.toContain('body');
});

test('JavaScript: the body as it was sent', () => {
  expect(toJavaScript({ ...chat, body: { model: 'opus', messages: [] } })).toBe(
    [
      `import OpenAI from 'openai';`,
      '',
      '// Reads the key from OPENAI_API_KEY.',
      `const client = new OpenAI({ baseURL: 'http://localhost:3000/v1' });`,
      '',
      'const answer = await client.chat.completions.create({',
      '  "model": "opus",',
      '  "messages": []',
      '});',
      'console.log(answer);',
    ].join('\n'),
  );
  expect(toJavaScript(chat)).toContain('for await (const event of answer)');
});

test('headers by which the server answers otherwise are sent again, others are not', () => {
  const headers = headersToRepeat([
    ['authorization', '[redacted]'],
    ['user-agent', 'me'],
    ['x-stainless-retry-count', '0'],
    ['idempotency-key', 'once'],
    ['x-claudecode-token', '[redacted]'],
    ['x-claudecode-profile', "it's"],
  ]);
  expect(headers).toEqual([['x-claudecode-profile', "it's"]]);
  expect(headersToRepeat(null)).toEqual([]);
  expect(toCurl({ ...chat, headers })).toContain(
    `Bearer $OPENAI_API_KEY" \\\n  -H 'x-claudecode-profile: it'\\''s' \\\n  -H 'Content-Type`,
  );
  expect(toPython({ ...chat, headers })).toContain(
    '    stream=True,\n    extra_headers={\n        "x-claudecode-profile": "it\'s",\n    },\n)',
  );
  expect(toPython({ ...files, headers })).toContain(
    `headers={"Authorization": f"Bearer {os.environ['OPENAI_API_KEY']}", "x-claudecode-profile": "it's"},`,
  );
  expect(toJavaScript({ ...chat, headers })).toContain(
    `}, { headers: { 'x-claudecode-profile': 'it\\'s' } });`,
  );
  expect(toJavaScript({ ...files, headers })).toContain(`    'x-claudecode-profile': 'it\\'s',\n  },`);
});
