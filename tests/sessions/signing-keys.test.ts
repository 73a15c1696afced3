import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import type { App } from '../../src/app.js';
import { days, hours, minutes, seconds } from '../../src/clock.js';
import { asSystem } from '../../src/open-services.js';
import { listSigningKeys } from '../../src/sessions/list-signing-keys.js';
import { revokeSigningKey } from '../../src/sessions/revoke-signing-key.js';
import { rotateSigningKey } from '../../src/sessions/rotate-signing-key.js';
import { tendSigningKeys } from '../../src/sessions/tend-signing-keys.js';
import { Client } from '../support/client.js';
import { DatabaseLine } from '../support/database-line.js';
import { eventually } from '../support/eventually.js';
import { administrator, Harness, password } from '../support/harness.js';
import { hearLate, withoutSignals } from '../support/signals.js';

let harness: Harness;
/** Three processes; the connection of the third to the database can be cut. */
let one: App;
let other: App;
let distant: App;
let line: DatabaseLine;
beforeAll(async () => {
  harness = await Harness.start({ DATABASE_POOL_SIZE: '10' });
  one = harness.app;
  other = await harness.another();
  line = await DatabaseLine.to(harness.databaseUrl);
  distant = await harness.another({ DATABASE_URL: line.url });
});
afterAll(async () => {
  line.mend();
  await harness.close();
  await line.close();
});

beforeEach(async () => {
  line.mend();
  await eventually(() => distant.services.signals.isListening, 30_000);
});

const system = (app: App = one) => asSystem(app.services);
const rotate = (app?: App) => rotateSigningKey(system(app));
const kids = async (app: App = one) => (await listSigningKeys(system(app))).map(({ id }) => id);
const headerOf = (token: string | undefined): { kid: string } =>
  JSON.parse(Buffer.from(String(token).split('.')[0] ?? '', 'base64url').toString());
const published = async (app: App) =>
  ((await (await fetch(`${app.url}/.well-known/jwks.json`)).json()) as { keys: { kid: string }[] }).keys;
const signer = async (app: App = one) => (await app.services.signingKeys.signer())?.id;

/** `signed in`, or the code of the refusal. */
async function codeAt(app: App, token: string | undefined): Promise<string> {
  const client = Object.assign(new Client(app.url), { token });
  return (await client.ask('{ viewer { id } }')).codes[0] ?? 'signed in';
}
async function signIn(app: App, rememberMe = false): Promise<string> {
  const client = new Client(app.url);
  await client.login(administrator.username, password, { rememberMe });
  return String(client.token);
}
const eventsOf = (type: string) =>
  one.services.database.sql.rows<{ details: unknown }>(
    'select details from every_event where type = $1 order by position desc',
    [type],
  );

test('after a rotation the new key signs in every process, and tokens of the former one still hold', async () => {
  const before = await signIn(one);
  const kid = await rotate();
  expect(await signer()).toBe(kid);
  await eventually(async () => (await signer(other)) === kid);
  const after = await signIn(other);
  expect([headerOf(after).kid, headerOf(before).kid === kid]).toEqual([kid, false]);
  for (const app of [one, other])
    expect([await codeAt(app, before), await codeAt(app, after)]).toEqual(['signed in', 'signed in']);
  expect(await eventsOf('SIGNING_KEY_ROTATED')).toMatchObject([{ details: { kid } }]);
});

test('the public keys are those that live, newest first, each with nothing private', async () => {
  await rotate();
  const expected = await kids();
  expect(expected.length).toBeGreaterThan(2);
  for (const app of [one, other]) {
    await eventually(async () => (await published(app))[0]?.kid === expected[0]);
    const keys = await published(app);
    expect(keys.map(({ kid }) => kid)).toEqual(expected);
    for (const key of keys) expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
  }
});

test('a token of a former key lives out its time to the end, and not beyond; then the key goes', async () => {
  const [short, long] = [await signIn(one), await signIn(one, true)];
  const { kid } = headerOf(long);
  harness.clock.advance(seconds(1));
  await rotate();
  harness.clock.advance(hours(1) - seconds(30));
  expect(await codeAt(other, short)).toBe('signed in');
  harness.clock.advance(seconds(31));
  expect([await codeAt(other, short), await codeAt(other, long)]).toEqual(['UNAUTHENTICATED', 'signed in']);
  harness.clock.advance(hours(23) - seconds(30));
  await tendSigningKeys(system());
  expect([await codeAt(one, long), await codeAt(other, long)]).toEqual(['signed in', 'signed in']);
  harness.clock.advance(minutes(2));
  expect([await codeAt(one, long), await codeAt(other, long)]).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED']);
  // The key has retired by its time, although its row has not been deleted yet.
  for (const app of [one, other]) expect((await published(app)).map((key) => key.kid)).not.toContain(kid);
  await tendSigningKeys(system());
  const rows = await one.services.database.sql.rows('select 1 from signing_keys where id = $1', [kid]);
  expect(rows).toEqual([]);
  expect(await codeAt(one, await signIn(other))).toBe('signed in');
});

test('twenty processes that find the key old at once make one new key', async () => {
  const former = await rotate();
  harness.clock.advance(days(90) - seconds(30));
  await tendSigningKeys(system());
  expect(await signer()).toBe(former);
  harness.clock.advance(seconds(31));
  const before = (await eventsOf('SIGNING_KEY_ROTATED')).length;
  const apps = [one, other, distant];
  await Promise.all(Array.from({ length: 20 }, (_, n) => tendSigningKeys(system(apps[n % apps.length]))));
  const living = await kids();
  expect(living).toHaveLength(2);
  expect(living[1]).toBe(former);
  expect((await eventsOf('SIGNING_KEY_ROTATED')).length - before).toBe(1);
  await tendSigningKeys(system(other));
  expect(await kids()).toEqual(living);
});

test('rotations by command at once leave one key that signs', async () => {
  await Promise.all(Array.from({ length: 10 }, (_, n) => rotate(n % 2 ? one : other)));
  const living = await listSigningKeys(system());
  expect(living.filter(({ retiresAt }) => !retiresAt)).toHaveLength(1);
  const signs = living.find(({ retiresAt }) => !retiresAt)?.id;
  for (const app of [one, other]) await eventually(async () => (await signer(app)) === signs);
});

test('not one request fails while keys are rotated under load', async () => {
  const apps = [one, other, distant] as const;
  const hearInTime = hearLate(other, 'keys', 300);
  const pool = await Promise.all(apps.map((app) => signIn(app)));
  const failures: string[] = [];
  const counts = { asked: 0, signedIn: 0 };
  let isOver = false;
  const ask = async (n: number) => {
    while (!isOver) {
      const code = await codeAt(apps[n % apps.length] ?? one, pool[Math.floor(Math.random() * pool.length)]);
      counts.asked += 1;
      if (code !== 'signed in') failures.push(code);
    }
  };
  // The token is presented at other processes at once, which often do not know the new key yet.
  const enter = async (n: number) => {
    while (!isOver) {
      const token = await signIn(apps[n % apps.length] ?? one);
      pool.push(token);
      const codes = await Promise.all(apps.map((app) => codeAt(app, token)));
      counts.signedIn += 1;
      failures.push(...codes.filter((code) => code !== 'signed in'));
    }
  };
  const guard = (work: Promise<void>) => work.catch((error: unknown) => void failures.push(String(error)));
  const load = [0, 1, 2].flatMap((n) => [guard(ask(n)), guard(enter(n))]);
  for (let round = 0; round < 12; round += 1) {
    const [asked, signedIn] = [counts.asked, counts.signedIn];
    const kid = await rotate(apps[round % apps.length]);
    await eventually(() => counts.asked > asked + 20 && counts.signedIn > signedIn + 3);
    await eventually(() => pool.some((token) => headerOf(token).kid === kid));
  }
  isOver = true;
  await Promise.all(load);
  hearInTime();
  expect(failures).toEqual([]);
  for (const token of pool) for (const app of apps) expect(await codeAt(app, token)).toBe('signed in');
});

test('a revoked key dies at once, with the tokens that are remembered, and its streams end', async () => {
  const tokens = [await signIn(one), await signIn(other)];
  for (const app of [one, other]) for (const token of tokens) expect(await codeAt(app, token)).toBe('signed in');
  const follower = Object.assign(new Client(other.url), { token: tokens[0] });
  const stream = follower.follow('subscription { securityEvents { cursor } }');
  await eventually(() => stream.events.length > 0 || stream.ended || signInAgain());
  const kid = headerOf(tokens[0]).kid;
  const successor = await revokeSigningKey(system(), kid);
  for (const token of tokens) expect(await codeAt(one, token)).toBe('UNAUTHENTICATED');
  await eventually(async () => (await codeAt(other, tokens[0])) === 'UNAUTHENTICATED', 3000);
  for (const token of tokens) expect(await codeAt(other, token)).toBe('UNAUTHENTICATED');
  await eventually(() => stream.ended);
  expect([await signer(), await signer(other)]).toEqual([successor, successor]);
  expect(await kids()).not.toContain(kid);
  expect(await eventsOf('SIGNING_KEY_REVOKED')).toMatchObject([{ details: { kid, successor } }]);
  expect(await codeAt(other, await signIn(one))).toBe('signed in');
});

/** Causes an event, for a stream that may not have started yet. */
async function signInAgain(): Promise<false> {
  await signIn(one);
  return false;
}

test('the sessions behind a revoked key go on: they are refreshed', async () => {
  const client = new Client(one.url);
  await client.login(administrator.username, password);
  await revokeSigningKey(system(), headerOf(client.token).kid);
  expect(await codeAt(one, client.token)).toBe('UNAUTHENTICATED');
  const { refreshToken } = client;
  const payload = await client.mutate(
    'refreshSession',
    { refreshToken },
    'authentication { accessToken refreshToken }',
  );
  expect(await codeAt(other, String(payload['authentication']?.['accessToken']))).toBe('signed in');
});

test('a key that no longer signs is revoked without a new one; an unknown one is told', async () => {
  const token = await signIn(one);
  const current = await rotate();
  expect(await revokeSigningKey(system(), headerOf(token).kid)).toBeUndefined();
  expect([await signer(), await codeAt(one, token)]).toEqual([current, 'UNAUTHENTICATED']);
  for (const unknown of [headerOf(token).kid, 'x', ''])
    await expect(revokeSigningKey(system(), unknown)).rejects.toMatchObject({ errors: [{ code: 'NOT_FOUND' }] });
});

test('of ten that revoke the signing key at once one succeeds, and one new key signs', async () => {
  const kid = await rotate();
  const outcomes = await Promise.allSettled(
    Array.from({ length: 10 }, (_, n) => revokeSigningKey(system(n % 2 ? one : other), kid)),
  );
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect((await listSigningKeys(system())).filter(({ retiresAt }) => !retiresAt)).toHaveLength(1);
});

test('a process that cannot hear of changes sees a revocation and a rotation all the same', async () => {
  // This process is notified late, also of the previous revocation.
  const current = await signer();
  await eventually(async () => headerOf(await signIn(distant)).kid === current);
  const token = await signIn(distant);
  expect(await codeAt(distant, token)).toBe('signed in');
  // From here on it receives no signals, while its other connections work.
  const { signals } = distant.services;
  const hearAgain = await withoutSignals(distant);
  try {
    expect(await codeAt(distant, token)).toBe('signed in');
    await revokeSigningKey(system(), headerOf(token).kid);
    await eventually(async () => (await codeAt(distant, token)) === 'UNAUTHENTICATED', 3000);
    const kid = await rotate();
    expect(await codeAt(distant, await signIn(one))).toBe('signed in');
    await eventually(async () => headerOf(await signIn(distant)).kid === kid, 3000);
    // Only the request makes it look for new keys.
    const next = await rotate();
    await eventually(async () => (await published(distant))[0]?.kid === next, 3000);
    expect(signals.isListening).toBe(false);
  } finally {
    await hearAgain();
  }
});

test('what happened while the line was down is known once it is back', async () => {
  const token = await signIn(distant);
  line.cut();
  await eventually(() => !distant.services.signals.isListening);
  await revokeSigningKey(system(), headerOf(token).kid);
  line.mend();
  await eventually(() => distant.services.signals.isListening, 30_000);
  expect(await codeAt(distant, token)).toBe('UNAUTHENTICATED');
});

test('thousands of unknown kids cost a few reads, leave honest callers alone and do not pile up', async () => {
  const { signingKeys, database } = other.services;
  const honest = await signIn(one);
  expect(await codeAt(other, honest)).toBe('signed in');
  const sent = jest.spyOn(database.sql, 'rows');
  const reads = () => sent.mock.calls.filter(([text]) => text.includes('from signing_keys')).length;
  try {
    const startedAt = performance.now();
    const kid = () => randomBytes(32).toString('base64url');
    for (let wave = 0; wave < 10; wave += 1) {
      const flood = Array.from({ length: 2000 }, () => signingKeys.verifier(kid(), 'EdDSA'));
      expect(signingKeys.waitingForLookUp).toBeLessThanOrEqual(1000);
      expect(await codeAt(other, honest)).toBe('signed in');
      expect(new Set(await Promise.all(flood))).toEqual(new Set([undefined]));
    }
    const slots = Math.ceil((performance.now() - startedAt) / 200) + 1;
    expect(reads()).toBeGreaterThan(0);
    expect(reads()).toBeLessThanOrEqual(slots);
    // Texts that cannot be a `kid` cause no statement.
    const before = reads();
    for (const kid of ['', 'x', '../../etc/passwd', "' or 1=1 --", 'x'.repeat(1_000_000), 'é'.repeat(43), null, 7, {}])
      expect(await signingKeys.verifier(kid, 'EdDSA')).toBeUndefined();
    expect(reads()).toBe(before);
  } finally {
    sent.mockRestore();
  }
});

test('a restart keeps the keys; one after their lifetime begins with a new one', async () => {
  const token = await signIn(one, true);
  const before = await kids();
  const restarted = await harness.another();
  expect(await codeAt(restarted, token)).toBe('signed in');
  expect(await kids()).toEqual(before);
  harness.clock.advance(days(90));
  const late = await harness.another();
  expect(before).not.toContain(await signer(late));
  expect(await kids()).toContain(await signer(late));
});

test('a process with another APP_SECRET neither starts nor makes keys that the others cannot open', async () => {
  const before = await kids();
  await expect(harness.another({ APP_SECRET: 'another secret that has 32 bytes or more' })).rejects.toThrow(
    'APP_SECRET',
  );
  expect(await kids()).toEqual(before);
});
