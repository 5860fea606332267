import fc from 'fast-check';
import { expect, test } from 'vitest';
import { admin, createAccessParts } from '../testing/access-parts.ts';
import { AuditLog } from './audit-log.ts';
import { cleanText } from './clean-text.ts';

test('an entry says who did what, when and from where', async () => {
  const { audit, entries, now } = createAccessParts();
  await audit.record(admin, 'key.created', 'key_1', { name: 'ci' });
  await audit.record({ name: 'command line', address: null }, 'key.deleted', 'key_1');
  expect(entries.entries).toEqual([
    {
      id: 1,
      at: now(),
      actor: 'ada',
      address: '192.0.2.1',
      action: 'key.created',
      target: 'key_1',
      details: { name: 'ci' },
    },
    {
      id: 2,
      at: now(),
      actor: 'command line',
      address: null,
      action: 'key.deleted',
      target: 'key_1',
      details: {},
    },
  ]);
  expect((await audit.list({ limit: 1 })).items.map(({ id }) => id)).toEqual([2]);
});

test('an entry that cannot be written is reported, and the action stands', async () => {
  const { entries, onProblem, problems } = createAccessParts();
  entries.add = async () => {
    throw new Error('no database');
  };
  await new AuditLog({ store: entries, onProblem }).record(admin, 'key.created', null);
  expect(problems).toEqual(["the audit entry 'key.created' could not be written"]);
});

test('cleaned text is short, well formed and in one line, and what is clean already stays', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 0, max: 20 }), (text, length) => {
      const clean = cleanText(`\u001b[31m${text}\u202e\ud800`, length);
      expect([...clean].length).toBeLessThanOrEqual(length);
      expect(clean).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
      expect(cleanText(clean, length)).toBe(clean);
    }),
  );
  expect(cleanText('Zoë 日本 🦊', 8)).toBe('Zoë 日本 🦊');
});
