import fc from 'fast-check';
import { fastify } from 'fastify';
import { expect, test } from 'vitest';
import { createSeal } from '../seal.ts';
import { createFileLinks, linksFor } from './file-links.ts';

const file = { owner: 'ann', id: 'cfile_1' };
const tokenOf = (link: string): string => new URL(link).searchParams.get('token') ?? '';

test('a link leads to the content, and its token opens the file for its owner', () => {
  const links = createFileLinks('secret');
  const link = links.linkTo(file, 'https://api.example:8443');
  expect(link).toMatch(/^https:\/\/api\.example:8443\/v1\/files\/cfile_1\/content\?token=[\w-]+$/);
  expect(link).not.toContain('ann');
  expect(links.ownerOf(tokenOf(link), 'cfile_1')).toBe('ann');
});

test('opens one file and no other', () => {
  const links = createFileLinks('secret');
  const token = tokenOf(links.linkTo(file, 'http://x'));
  expect(() => links.ownerOf(token, 'cfile_2')).toThrow(
    expect.objectContaining({ status: 403, code: 'invalid_link' }),
  );
});

test('opens it for an hour', () => {
  let now = 1_000_000;
  const links = createFileLinks('secret', { now: () => now });
  const token = tokenOf(links.linkTo(file, 'http://x'));
  now += 3_600_000 - 1;
  expect(links.ownerOf(token, 'cfile_1')).toBe('ann');
  now += 1;
  expect(() => links.ownerOf(token, 'cfile_1')).toThrow(
    expect.objectContaining({ status: 403, code: 'link_expired' }),
  );
});

test('no token but ours opens anything', () => {
  const links = createFileLinks('secret');
  const token = tokenOf(links.linkTo(file, 'http://x'));
  const refused = expect.objectContaining({ status: 403, code: 'invalid_link' });
  const forged = JSON.stringify(['cfile_1', Number.MAX_SAFE_INTEGER, 'ann']);
  const foreign = [
    '',
    forged,
    createSeal('secret').seal(forged),
    createSeal('other', 'file link').seal(forged),
    tokenOf(createFileLinks('other').linkTo(file, 'http://x')),
  ];
  for (const one of foreign) expect(() => links.ownerOf(one, 'cfile_1')).toThrow(refused);
  const bytes = Buffer.from(token, 'base64url');
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (place, change) => {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(place) ^ change, place);
      expect(() => links.ownerOf(changed.toString('base64url'), 'cfile_1')).toThrow(refused);
    }),
  );
});

test.each<[string, boolean, Record<string, string>, string]>([
  ['is where the client has asked', false, { host: 'api.example:8080' }, 'http://api.example:8080'],
  [
    'believes a proxy that is trusted',
    true,
    { host: 'inner', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'api.example' },
    'https://api.example',
  ],
  ['believes no other', false, { host: 'inner:1', 'x-forwarded-host': 'evil.example' }, 'http://inner:1'],
])('a link %s', async (_, trustProxy, headers, origin) => {
  const links = createFileLinks('secret');
  const app = fastify({ trustProxy });
  app.get('/', async (request) => {
    const link = linksFor(request, 'ann', links);
    expect(link({ path: 'a', operation: 'deleted' })).toBeUndefined();
    return link({ path: 'a', operation: 'created', fileId: 'cfile_1' });
  });
  const { body } = await app.inject({ url: '/', headers });
  expect(body.startsWith(`${origin}/v1/files/cfile_1/content?token=`), body).toBe(true);
  expect(links.ownerOf(tokenOf(body), 'cfile_1')).toBe('ann');
});
