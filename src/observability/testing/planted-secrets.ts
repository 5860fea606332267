import fc from 'fast-check';

const token = fc.stringMatching(/^[A-Za-z0-9]{20,40}$/);
/** What may stand before a secret without being taken for a part of its word. */
const before = fc.constantFrom('', ' ', '\n', '"', '(', 'see ', 'x=', '{"a":"', '\\n', 'é', '🙂 ');
const after = fc.constantFrom('', ' ', '\n', '"', ')', ', and so on', '"}', '\\n');

export interface PlantedSecret {
  /** What must not survive. */
  readonly secret: string;
  /** A text that holds it. */
  readonly text: string;
}

const forms: readonly ((secret: string) => string)[] = [
  (secret) => `sk-${secret}`,
  (secret) => `sk-ant-api03-${secret}`,
  (secret) => `Bearer ${secret}`,
  (secret) => `Basic ${secret}==`,
  (secret) => `postgres://user:${secret}@db.example/x`,
  (secret) => `https://example.org/cb?access_token=${secret}`,
  (secret) => `ghp_${secret}`,
  (secret) => `ANTHROPIC_API_KEY=${secret}`,
  (secret) => JSON.stringify({ password: secret }),
  (secret) => JSON.stringify({ body: JSON.stringify({ api_key: secret }) }),
  (secret) => `-----BEGIN RSA PRIVATE KEY-----\n${secret}\n-----END RSA PRIVATE KEY-----`,
];

/** A secret that is known by its form, somewhere in a text. */
export const plantedSecret: fc.Arbitrary<PlantedSecret> = fc
  .tuple(token, fc.constantFrom(...forms), before, after)
  .map(([secret, form, prefix, suffix]) => ({ secret, text: prefix + form(secret) + suffix }));

/** Names of fields whose values are secret whatever they look like. */
export const secretFieldName: fc.Arbitrary<string> = fc.constantFrom(
  ...['authorization', 'Authorization', 'api_key', 'apiKey', 'x-api-key', 'password', 'currentPassword'],
  ...['token', 'access_token', 'client_secret', 'headers', 'cookie', 'GITHUB_TOKEN', 'env'],
);
