import { randomUUID } from 'node:crypto';
import { beforeAll, expect, jest, test } from '@jest/globals';
import { newApiToken } from '../../src/api-tokens/token-format.js';
import { hours } from '../../src/clock.js';
import { hashToken } from '../../src/secrets.js';
import type { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';
import { holdUp, lineOf, withoutSignals } from '../support/signals.js';

let harness: Harness;
let person: Client;
let program: Client;
beforeAll(async () => {
  harness = await Harness.start();
  person = await harness.person('holder');
  const token = newApiToken();
  await sql().rows(
    'insert into api_tokens (id, user_id, name, token_hash, scopes, created_at) values ($1, $2, $3, $4, $5, now())',
    [randomUUID(), String(person.userId), 'x', hashToken(token), ['profile:read']],
  );
  program = harness.client({ authorization: `Bearer ${token}` });
});

const sql = () => harness.app.services.database.sql;
const askers = () => [person, program];

/** Number of statements in one request that look up the caller; signing keys are read separately. */
async function statements(client: Client): Promise<number> {
  const sent = jest.spyOn(sql(), 'rows');
  try {
    expect((await client.ask('{ viewer { id } }')).codes).toEqual([]);
    return sent.mock.calls.filter(([text]) => /from (sessions s|api_tokens t) join users/.test(text)).length;
  } finally {
    sent.mockRestore();
  }
}

/**
 * Like `statements`, repeated until signals were received all the time; a machine that stalls for a second does not
 * receive them.
 */
const whileHeard = (client: Client): Promise<{ count: number }> =>
  eventually(async () => {
    const { signals } = harness.app.services;
    const before = signals.isListening;
    const count = await statements(client);
    return before && signals.isListening && { count };
  });

test('a request costs no statement to find out who calls, and one while signals cannot be heard', async () => {
  for (const client of askers()) await statements(client);
  for (const client of askers()) expect(await whileHeard(client)).toEqual({ count: 0 });
  const restore = await withoutSignals(harness.app);
  for (let request = 0; request < 3; request += 1)
    for (const client of askers()) expect(await statements(client)).toBe(1);
  await restore();
  // Entries from before are read again once.
  for (const client of askers()) expect(await statements(client)).toBe(1);
  for (const client of askers()) expect(await whileHeard(client)).toEqual({ count: 0 });
});

test.each([
  ['the session is ended', 'update sessions set ended_at = now() where id = $1', 'sessionId'],
  ['the account is deactivated', 'update users set is_active = false where id = $1', 'userId'],
  ['the account is deleted', 'delete from users where id = $1', 'userId'],
] as const)(
  'while signals cannot be heard, a caller is refused with the next request when %s',
  async (_what, statement, id) => {
    const leaver = await harness.person(`leaver.${randomUUID().slice(0, 8)}`);
    await statements(leaver);
    const restore = await withoutSignals(harness.app);
    await sql().rows(statement, [String(leaver[id])]);
    expect((await leaver.ask('{ viewer { id } }')).codes).toEqual(['UNAUTHENTICATED']);
    await restore();
    expect((await leaver.ask('{ viewer { id } }')).codes).toEqual(['UNAUTHENTICATED']);
  },
);

test('a signal connection that has gone silent without breaking is not believed', async () => {
  const leaver = await harness.person('silenced');
  await statements(leaver);
  const { signals } = harness.app.services;
  const line = lineOf(harness.app);
  const held = holdUp(harness.app);
  await sql().rows('update sessions set ended_at = now() where id = $1', [String(leaver.sessionId)]);
  await eventually(async () => (await leaver.ask('{ viewer { id } }')).codes[0] === 'UNAUTHENTICATED');
  expect(lineOf(harness.app)).toBe(line);
  held.resume();
  await eventually(() => signals.isListening);
  expect(harness.logged.join('')).not.toContain('"level":50');
});

test('a row read before a revocation is not remembered after it', async () => {
  const leaver = await harness.person('overtaken');
  const { principals } = harness.app.services;
  principals.forget(String(leaver.sessionId));
  const original = sql().rows;
  sql().rows = async (text, values) => {
    const rows = await original.call(sql(), text, values);
    if (!/from sessions s join users/.test(text)) return rows as never;
    sql().rows = original;
    // The revocation is committed and signalled after the row was read and before it arrives.
    await original.call(sql(), 'update sessions set ended_at = now() where id = $1', [String(leaver.sessionId)]);
    principals.forget(String(leaver.sessionId));
    return rows as never;
  };
  await leaver.ask('{ viewer { id } }');
  expect((await leaver.ask('{ viewer { id } }')).codes).toEqual(['UNAUTHENTICATED']);
});

test('a session that is refreshed while its row is read does not pass for ended', async () => {
  const own = await Harness.start();
  const { sessionId, refreshToken } = await own.person('refresher');
  const { database, principals } = own.app.services;
  // One hour is left when the row is read, and passes before the answer arrives.
  own.clock.advance(hours(6));
  const rows = database.sql.rows.bind(database.sql);
  const read = jest.spyOn(database.sql, 'rows').mockImplementationOnce(async (text, values) => {
    const answer = await rows(text, values);
    await own.client().mutate('refreshSession', { refreshToken }, 'authentication { tokenType }');
    own.clock.advance(hours(2));
    return answer as never;
  });
  principals.forget(String(sessionId));
  expect(await principals.ended([String(sessionId)])).toEqual([]);
  expect(read.mock.calls[0]?.[0]).toContain('from sessions s join users');
  read.mockRestore();
  expect(await principals.ended([String(sessionId)])).toEqual([]);
  await own.close();
});
