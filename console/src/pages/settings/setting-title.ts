const units = new Set(['SECONDS', 'MINUTES', 'DAYS', 'KB', 'MB']);
const spelled: Readonly<Record<string, string>> = {
  API: 'API',
  CORS: 'CORS',
  HTTP: 'HTTP',
  ID: 'ID',
  OPENAI: 'OpenAI',
  TTL: 'time to live',
  URL: 'URL',
};

/** A variable's name for people: `IDLE_TTL_SECONDS` is `Idle time to live`. The unit stands beside the value. */
export function settingTitle(name: string): string {
  const words = name.split('_').filter((word, index, all) => index < all.length - 1 || !units.has(word));
  const text = words.map((word) => spelled[word] ?? word.toLowerCase()).join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
