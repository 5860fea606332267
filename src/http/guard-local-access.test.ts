import { describe, expect, test } from 'vitest';
import { createLocalAccess, type LocalAccessRules } from './guard-local-access.ts';

const byDefault: LocalAccessRules = { host: '127.0.0.1', corsOrigins: '*' };
const listing = (...corsOrigins: string[]): LocalAccessRules => ({ host: '127.0.0.1', corsOrigins });

describe('a request may pass', () => {
  test.each<[string, { host?: string; origin?: string }, LocalAccessRules?]>([
    ['without an origin', { host: 'localhost:3000' }],
    ['to a loopback address', { host: '127.0.0.1:3000' }],
    ['to another loopback address', { host: '127.8.9.10' }],
    ['to the IPv6 loopback', { host: '[::1]:3000' }],
    ['to a mapped IPv6 loopback', { host: '[::ffff:127.0.0.1]:3000' }],
    ['to a name under localhost', { host: 'api.localhost:3000' }],
    ['in capitals', { host: 'LOCALHOST:3000', origin: 'HTTP://LocalHost:3000' }],
    ['to a name with its final dot', { host: 'localhost.:3000' }],
    ['without a host, as HTTP/1.0 does', {}],
    ['from its own origin', { host: 'localhost:3000', origin: 'http://localhost:3000' }],
    [
      'from a page on another port of this machine',
      { host: 'localhost:3000', origin: 'http://127.0.0.1:8080' },
    ],
    ['to the configured host', { host: 'box.lan:3000' }, { host: 'box.lan', corsOrigins: '*' }],
    ['to the configured IPv6 host', { host: '[fd00::1]:3000' }, { host: 'fd00::1', corsOrigins: '*' }],
    [
      'from the configured host',
      { host: 'box.lan', origin: 'http://box.lan' },
      { host: 'box.lan', corsOrigins: '*' },
    ],
    [
      'from a listed origin',
      { host: 'localhost', origin: 'https://chat.example' },
      listing('https://chat.example'),
    ],
    [
      'from a listed extension',
      { host: 'localhost', origin: 'chrome-extension://abc' },
      listing('chrome-extension://abc'),
    ],
    [
      'to the name of a listed origin',
      { host: 'host.docker.internal:3000' },
      listing('http://host.docker.internal:3000'),
    ],
  ])('%s', (_name, headers, rules = byDefault) => {
    expect(createLocalAccess(rules).findForeign(headers)).toBeNull();
  });
});

describe('a request is refused', () => {
  test.each<[string, { host?: string; origin?: string }, LocalAccessRules?]>([
    ['from a foreign page', { host: 'localhost:3000', origin: 'https://evil.example' }],
    ['from a sandboxed page or a file', { host: 'localhost:3000', origin: 'null' }],
    ['from an empty origin', { host: 'localhost:3000', origin: '' }],
    [
      'from an origin that only begins like ours',
      { host: 'localhost', origin: 'http://localhost.evil.example' },
    ],
    ['from an origin that only ends like ours', { host: 'localhost', origin: 'http://evillocalhost' }],
    [
      'from an origin with our name as its user',
      { host: 'localhost', origin: 'http://localhost@evil.example' },
    ],
    ['from a foreign IP address', { host: 'localhost', origin: 'http://128.0.0.1' }],
    ['from another scheme on our name', { host: 'localhost', origin: 'tauri://localhost' }],
    ['from an extension that is not listed', { host: 'localhost', origin: 'chrome-extension://abc' }],
    ['to a rebound name', { host: 'evil.example:3000' }],
    [
      'to a rebound name from its own page',
      { host: 'evil.example:3000', origin: 'http://evil.example:3000' },
    ],
    ['to a name that only begins like ours', { host: '127.0.0.1.evil.example' }],
    ['to a host that cannot be read', { host: 'localhost/evil@x' }],
    [
      'from another port of a listed origin',
      { host: 'localhost', origin: 'https://chat.example:444' },
      listing('https://chat.example'),
    ],
    [
      'from another scheme of a listed origin',
      { host: 'localhost', origin: 'http://chat.example' },
      listing('https://chat.example'),
    ],
    [
      'to a wildcard listen address by a foreign name',
      { host: 'evil.example' },
      { host: '0.0.0.0', corsOrigins: '*' },
    ],
  ])('%s', (_name, headers, rules = byDefault) => {
    const refusal = createLocalAccess(rules).findForeign(headers);
    expect(refusal).toContain('OPENAI_API_KEY_REQUIRED=true');
    expect(refusal).toContain('CORS_ORIGIN');
  });
});
