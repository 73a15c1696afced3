import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { SecretBox } from '../../src/secrets.js';
import { Harness } from '../support/harness.js';

const typed = 'a password in the wrong field';
const mailbox = 'wanted@example.com';
const address = '198.51.100.7';
let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start({ TRUSTED_PROXIES: '127.0.0.1' });
});
afterAll(() => harness.close());

const keysOf = async (table: 'attempts' | 'rate_limits') => {
  const rows = await harness.app.services.database.sql.rows<{ key: string }>(`select key from ${table} order by key`);
  return rows.map(({ key }) => key);
};

async function visit(): Promise<void> {
  const stranger = harness.client({ 'x-forwarded-for': address });
  await stranger.login(typed, 'x');
  await stranger.mutate('requestPasswordReset', { email: mailbox }, 'email');
  await stranger.mutate(
    'register',
    { username: 'wanted', email: mailbox, password: 'a long enough passphrase' },
    'email',
  );
}

/** Unkeyed digests that somebody with a copy of the database would compute to test a guess. */
const guesses = [typed, mailbox, address, '198.51.100.0', 'wanted'].flatMap((text) =>
  ['', 'address:', 'mailbox:', 'name:'].flatMap((before) =>
    (['sha256', 'sha1', 'md5', 'sha512'] as const).flatMap((algorithm) =>
      (['hex', 'base64', 'base64url'] as const).map((encoding) =>
        createHash(algorithm).update(`${before}${text}`).digest(encoding),
      ),
    ),
  ),
);

test('what is typed as a name, and addresses, are kept under a key alone', async () => {
  await visit();
  const keys = [...(await keysOf('attempts')), ...(await keysOf('rate_limits'))];
  expect(keys.filter((key) => key.startsWith('name:'))).toHaveLength(1);
  expect(keys.filter((key) => key.includes('requestPasswordReset'))).toHaveLength(2);
  const plain = [typed, mailbox, address, '198.51.100', ...guesses];
  expect(keys.filter((key) => plain.some((text) => key.includes(text)))).toEqual([]);
});

test('under another secret they are others', async () => {
  const [attempts, limits] = [await keysOf('attempts'), await keysOf('rate_limits')];
  const { config } = harness.app.services;
  const [ours, others] = [config.appSecret ?? '', 'another secret of at least 32 bytes'].map(
    (secret) => new SecretBox(secret),
  );
  expect(attempts).toContain(`name:${ours?.derive('attempts', typed)}`);
  expect(attempts).not.toContain(`name:${others?.derive('attempts', typed)}`);
  const budget = (box: typeof ours) =>
    limits.filter((key) => key.endsWith(String(box?.derive('rate-limit', `mailbox:${mailbox}`))));
  expect([budget(ours).length > 0, budget(others)]).toEqual([true, []]);
});
