export type SnippetName = 'python' | 'javascript' | 'curl' | 'open-webui';

interface Snippet {
  readonly value: SnippetName;
  readonly label: string;
  readonly code: string;
}

/** How clients are pointed at this server. */
export function clientSnippets(origin: string): readonly [Snippet, ...Snippet[]] {
  return [
    {
      value: 'python',
      label: 'Python',
      code: `from openai import OpenAI

client = OpenAI(base_url="${origin}/v1", api_key="YOUR_KEY")
answer = client.chat.completions.create(
    model="sonnet",
    messages=[{"role": "user", "content": "Say hello in one line."}],
)
print(answer.choices[0].message.content)`,
    },
    {
      value: 'javascript',
      label: 'JavaScript',
      code: `import OpenAI from 'openai';

const client = new OpenAI({ baseURL: '${origin}/v1', apiKey: 'YOUR_KEY' });
const answer = await client.chat.completions.create({
  model: 'sonnet',
  messages: [{ role: 'user', content: 'Say hello in one line.' }],
});
console.log(answer.choices[0].message.content);`,
    },
    {
      value: 'curl',
      label: 'curl',
      code: `curl ${origin}/v1/chat/completions \\
  -H "Authorization: Bearer YOUR_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{
    "model": "sonnet",
    "messages": [{"role": "user", "content": "Say hello in one line."}]
  }'`,
    },
    {
      value: 'open-webui',
      label: 'Open WebUI',
      code: `docker run -p 8080:8080 \\
  -e OPENAI_API_BASE_URL=${origin}/v1 \\
  -e OPENAI_API_KEY=YOUR_KEY \\
  ghcr.io/open-webui/open-webui:main`,
    },
  ];
}
