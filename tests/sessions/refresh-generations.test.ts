import { randomBytes, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { days, seconds } from '../../src/clock.js';
import { hashToken, randomToken, SecretBox } from '../../src/secrets.js';
import { derivedSecret, firstToken, readToken, successorOf } from '../../src/sessions/refresh-token.js';
import { Harness } from '../support/harness.js';
import { PresentedTokens, secretOfTests, spoiled } from '../support/presented-tokens.js';

let harness: Harness;
let tokens: PresentedTokens;
beforeAll(async () => {
  harness = await Harness.start();
  tokens = new PresentedTokens(harness);
  // A thousand mails would be sent meanwhile.
  await harness.app.services.queue.close();
});

const sql = () => harness.app.services.database.sql;
const secrets = new SecretBox(secretOfTests);
const otherSecret = 'another secret, that has at least 32 bytes, too';

/** @returns the tokens of a session's first generations, the current one last */
async function generations(first: string, count: number): Promise<string[]> {
  const issued = [first];
  while (issued.length <= count) issued.push(await tokens.present(String(issued.at(-1))));
  return issued;
}

test('each of a thousand generations of tokens ends the session when it comes again', async () => {
  const { sessionId, token } = await tokens.open();
  const issued = await generations(token, 1000);
  expect(new Set(issued).size).toBe(1001);
  expect(await sql().rows('select 1 from refresh_tokens where session_id = $1', [sessionId])).toEqual([]);
  harness.clock.advance(seconds(11));
  for (const [generation, old] of issued.slice(0, -1).entries()) {
    expect([generation, await tokens.present(old), await tokens.endOf(sessionId)]).toEqual([
      generation,
      'INVALID_TOKEN',
      'REFRESH_TOKEN_REUSED',
    ]);
    await tokens.reopen(sessionId);
  }
  expect(await tokens.present(String(issued.at(-1)))).toHaveLength(91);
}, 120_000);

test('a token says which session and generation it is of, and nobody without APP_SECRET can say so', () => {
  const sessionId = randomUUID();
  const token = firstToken(secrets, sessionId);
  expect(token).toMatch(/^[\w-]{91}$/);
  expect(readToken(secrets, token)).toEqual({ sessionId, generation: 0, isGenuine: true });
  expect(readToken(secrets, successorOf(secrets, token, sessionId, 720))).toEqual({
    sessionId,
    generation: 720,
    isGenuine: true,
  });
  expect(readToken(new SecretBox(otherSecret), token)).toEqual({ sessionId, generation: 0, isGenuine: false });
  expect(readToken(secrets, randomToken())).toBeUndefined();
  // The last character stands for four bits that mean nothing.
  const twin = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : String.fromCharCode(token.charCodeAt(90) + 1)}`;
  if (Buffer.from(twin, 'base64url').equals(Buffer.from(token, 'base64url')))
    expect(readToken(secrets, twin)).toBeUndefined();
});

describe('a forged token is refused and ends nothing', () => {
  let sessionId: string;
  let current: string;
  let old: string;
  beforeAll(async () => {
    const opened = await tokens.open();
    sessionId = opened.sessionId;
    const issued = await generations(opened.token, 5);
    [current, old] = [String(issued[5]), String(issued[1])];
    harness.clock.advance(seconds(11));
  });

  const body = (id: string, generation: number) => {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(generation);
    return Buffer.concat([Buffer.from(id.replaceAll('-', ''), 'hex'), counter, randomBytes(32)]);
  };
  const signedBy = (box: SecretBox, purpose: string, bytes: Buffer) =>
    Buffer.concat([bytes, box.mac(purpose, bytes).subarray(0, 16)]).toString('base64url');

  const forgeries: [string, () => string | Promise<string>][] = [
    ...Array.from({ length: 68 }, (_, n): [string, () => string] => [`byte ${n} of an old one`, () => spoiled(old, n)]),
    ...[0, 16, 20, 52].map((n): [string, () => string] => [`byte ${n} of the current one`, () => spoiled(current, n)]),
    ['no MAC', () => Buffer.concat([body(sessionId, 1), Buffer.alloc(16)]).toString('base64url')],
    ['the MAC of another', () => `${spoiled(old, 30).slice(0, 60)}${old.slice(60)}`],
    [
      'the key of another APP_SECRET',
      () => signedBy(new SecretBox(otherSecret), 'refresh-token-mac', body(sessionId, 1)),
    ],
    ['the key of another purpose', () => signedBy(secrets, 'refresh-token', body(sessionId, 1))],
    ['a generation of the future', () => signedBy(secrets, 'refresh-token-mac', body(sessionId, 6))],
    ['the present generation', () => signedBy(secrets, 'refresh-token-mac', body(sessionId, 5))],
    ['the last generation of all', () => signedBy(secrets, 'refresh-token-mac', body(sessionId, 2 ** 32 - 1))],
    ['no session', () => firstToken(secrets, randomUUID())],
    [
      'another session',
      async () => (await tokens.present((await tokens.open()).token)).slice(0, 91).replace(/^.{22}/, old.slice(0, 22)),
    ],
    ['a token cut short', () => old.slice(0, -1)],
    ['a token with more', () => `${old}A`],
    ['its secret alone', () => old.slice(27, 70)],
  ];
  test.each(forgeries)('%s', async (_what, forged) => {
    expect(await tokens.present(await forged())).toBe('INVALID_TOKEN');
    expect(await tokens.endOf(sessionId)).toBeNull();
  });

  test('and the current one goes on working', async () => {
    expect(await tokens.present(current)).toHaveLength(91);
  });
});

test('an old token of a session that is over ends nothing, and the token of a session is of no use for another', async () => {
  const [one, other] = [await tokens.open(), await tokens.open()];
  await tokens.present(one.token);
  await sql().rows(`update sessions set ended_at = $2, end_reason = 'LOGOUT' where id = $1`, [
    one.sessionId,
    harness.clock.now(),
  ]);
  harness.clock.advance(seconds(11));
  expect(await tokens.present(one.token)).toBe('INVALID_TOKEN');
  expect([await tokens.endOf(one.sessionId), await tokens.endOf(other.sessionId)]).toEqual(['LOGOUT', null]);
});

describe('after APP_SECRET was changed', () => {
  test('the current token works, the one before is known by its hash, and older ones are not recognized', async () => {
    const { sessionId, token } = await tokens.open();
    const issued = await generations(token, 3);
    expect(await tokens.present(String(issued[0]), otherSecret)).toBe('INVALID_TOKEN');
    // The repeated exchange of that moment: it would answer another successor.
    expect(await tokens.present(String(issued[2]), otherSecret)).toBe('INVALID_TOKEN');
    expect(await tokens.endOf(sessionId)).toBeNull();
    const next = await tokens.present(String(issued[3]), otherSecret);
    expect(readToken(new SecretBox(otherSecret), next)).toMatchObject({ sessionId, generation: 4, isGenuine: true });
    expect(await tokens.present(String(issued[3]), otherSecret)).toBe(next);
    harness.clock.advance(seconds(11));
    expect(await tokens.present(String(issued[3]), otherSecret)).toBe('INVALID_TOKEN');
    expect(await tokens.endOf(sessionId)).toBe('REFRESH_TOKEN_REUSED');
  });
});

describe('a token of before tokens named their session', () => {
  test('is exchanged for one that does, by twenty at once for the same one', async () => {
    const { sessionId, token } = await tokens.openStored();
    const answers = new Set(await Promise.all(Array.from({ length: 20 }, () => tokens.present(token))));
    expect([...answers]).toEqual([expect.stringMatching(/^[\w-]{91}$/)]);
    const [successor] = [...answers];
    expect(readToken(secrets, String(successor))).toEqual({ sessionId, generation: 1, isGenuine: true });
    expect(await tokens.present(String(successor))).toHaveLength(91);
    expect(await sql().rows('select 1 from refresh_tokens where session_id = $1', [sessionId])).toHaveLength(1);
  });

  test('ends the session when it comes again after ten seconds, or after its successor was used', async () => {
    for (const isLate of [true, false]) {
      const { sessionId, token } = await tokens.openStored();
      const successor = await tokens.present(token);
      if (isLate) harness.clock.advance(seconds(11));
      else await tokens.present(successor);
      expect(await tokens.present(token)).toBe('INVALID_TOKEN');
      expect(await tokens.endOf(sessionId)).toBe('REFRESH_TOKEN_REUSED');
    }
  });

  test('that was exchanged by the version before is answered as that did, and older ones end the session', async () => {
    const { sessionId, token } = await tokens.openStored();
    const second = derivedSecret(secrets, token);
    await sql().rows(
      `with used as (update refresh_tokens set used_at = $3, successor_hash = $2 where token_hash = $1)
       insert into refresh_tokens (token_hash, session_id, created_at) values ($2, $4, $3)`,
      [hashToken(token), hashToken(second), harness.clock.now(), sessionId],
    );
    expect(await tokens.present(token)).toBe(second);
    const third = await tokens.present(second);
    expect(third).toHaveLength(91);
    expect(await tokens.present(token)).toBe('INVALID_TOKEN');
    expect(await tokens.endOf(sessionId)).toBe('REFRESH_TOKEN_REUSED');
    expect(await tokens.present(third)).toBe('INVALID_TOKEN');
  });

  test('is refused when its session is over', async () => {
    const { sessionId, token } = await tokens.openStored();
    harness.clock.advance(days(2));
    expect(await tokens.present(token)).toBe('INVALID_TOKEN');
    expect(await tokens.endOf(sessionId)).toBeNull();
  });
});
