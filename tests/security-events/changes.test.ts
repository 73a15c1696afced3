import { beforeAll, describe, expect, test } from '@jest/globals';
import { SecurityEventType } from '../../src/security-events/event-types.js';
import { changesBetween } from '../../src/security-events/field-changes.js';
import type { Client } from '../support/client.js';
import { causesOf } from '../support/event-causes.js';
import { Harness, password } from '../support/harness.js';

let harness: Harness;
let admin: Client;
let causes: ReturnType<typeof causesOf>;
beforeAll(async () => {
  harness = await Harness.start({ LOCKOUT_ATTEMPTS: '3', LOCKOUT_DURATION: '15m' });
  harness.clock.stop();
  admin = await harness.admin();
  causes = causesOf(harness, admin);
});

const elsewhere = ['PERMISSION_DENIED', 'RATE_LIMITED', 'REAUTHENTICATION_REQUIRED', 'DATABASE_RESTORED'];
const recorded = Object.keys(SecurityEventType).filter((type) => !elsewhere.includes(type));

const newest = `
  select details from every_event where type = $1 and subject_id is not distinct from $2::uuid
  order by occurred_at desc, position desc limit 1`;

describe('each type of event tells what changed, and no more', () => {
  test.each(recorded)('%s', async (type) => {
    for (const cause of causes[type as keyof typeof causes]) {
      const { subject, details } = await cause();
      const row = await harness.app.services.database.sql.row(newest, [type, subject ?? null]);
      expect(row).toEqual({ details });
    }
  });

  test('none has a password, a hash, a token or a secret', async () => {
    const { database } = harness.app.services;
    const rows = await database.sql.rows<{ text: string }>('select details::text as text from every_event');
    const hashes = await database.sql.rows<{ hash: string }>('select password_hash as hash from users');
    const text = rows.map((row) => row.text).join('\n');
    const kept = hashes.map(({ hash }) => hash).filter((hash) => hash.startsWith('$'));
    expect(kept.length).toBeGreaterThan(30);
    for (const secret of [password, 'another long enough passphrase', '$argon2', ...kept])
      expect(text).not.toContain(secret);
    const tokens = harness.mailbox.mails.flatMap((mail) => /token=([\w-]+)/.exec(mail.text)?.[1] ?? []);
    expect(tokens.filter((token) => text.includes(token))).toEqual([]);
    expect(tokens.length).toBeGreaterThan(30);
  });
});

describe('changesBetween', () => {
  test('names what differs, with null for what is absent', () => {
    expect(changesBetween<object>({ a: 1, b: 'x', c: null }, { a: 2, b: 'x', d: true })).toEqual({
      a: { from: 1, to: 2 },
      d: { from: null, to: true },
    });
  });

  test('tells of equal instants as equal, and of others in UTC', () => {
    const [one, other] = [new Date(0), new Date(1)];
    expect(changesBetween({ at: one }, { at: new Date(0) })).toEqual({});
    expect(changesBetween({ at: one }, { at: other })).toEqual({
      at: { from: '1970-01-01T00:00:00.000Z', to: '1970-01-01T00:00:00.001Z' },
    });
  });

  test('cuts long texts after 200 characters, not inside one', () => {
    const of = (text: string) => changesBetween({ text: '' }, { text })['text']?.to;
    expect(of('x'.repeat(200))).toBe('x'.repeat(200));
    expect(of('x'.repeat(201))).toBe(`${'x'.repeat(200)}…`);
    expect(of('𝒳'.repeat(200))).toBe('𝒳'.repeat(200));
    expect(of('𝒳'.repeat(201))).toBe(`${'𝒳'.repeat(200)}…`);
  });

  test('takes values that only begin alike for different', () => {
    const [from, to] = [`${'x'.repeat(300)}a`, `${'x'.repeat(300)}b`];
    expect(Object.keys(changesBetween({ bio: from }, { bio: to }))).toEqual(['bio']);
  });
});
