import { beforeAll, expect, test } from '@jest/globals';
import { days, hours, seconds } from '../../src/clock.js';
import { Client, type Json } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { RawSocket } from '../support/raw-socket.js';

let harness: Harness;
let count = 0;
beforeAll(async () => {
  harness = await Harness.start();
});

const fields = 'authentication { accessToken refreshToken session { id expiresAt } user { id } }';
const refresh = (refreshToken: string | undefined, client: Client = harness.client()): Promise<Json> =>
  client.mutate('refreshSession', { refreshToken }, fields);
const refused = { authentication: null, errors: [{ code: 'INVALID_TOKEN', field: ['input', 'refreshToken'] }] };
const tokenOf = (payload: Json) => String(payload['authentication']?.['refreshToken']);
const isSignedIn = async (client: Client) => (await client.ask('{ viewer { id } }')).codes.length === 0;

async function signedIn(more: Record<string, unknown> = {}): Promise<Client> {
  count += 1;
  const person = await harness.person(`refresher${count}`);
  if (Object.keys(more).length > 0) await person.login(`refresher${count}`, password, more);
  return person;
}

async function eventsOf(client: Client, type: string): Promise<number> {
  const rows = await harness.app.services.database.sql.rows(
    'select 1 from every_event where session_id = $1 and type = $2',
    [String(client.sessionId), type],
  );
  return rows.length;
}

test('each refresh answers the next token of the same session, and the access token works', async () => {
  const person = await signedIn();
  let token = person.refreshToken;
  for (let i = 0; i < 5; i++) {
    const payload = await refresh(token);
    expect(payload['authentication']?.['session']?.['id']).toBe(person.sessionId);
    expect(tokenOf(payload)).not.toBe(token);
    person.keep(payload['authentication'] as Json);
    token = tokenOf(payload);
    expect(await isSignedIn(person)).toBe(true);
    harness.clock.advance(seconds(11));
  }
});

test('for ten seconds the token before answers the same successor, and afterwards it ends the session', async () => {
  const person = await signedIn();
  const first = await refresh(person.refreshToken);
  expect(tokenOf(await refresh(person.refreshToken))).toBe(tokenOf(first));
  expect(await isSignedIn(person)).toBe(true);
  harness.clock.advance(seconds(10) + 500);
  expect(await refresh(person.refreshToken)).toEqual(refused);
  expect(await refresh(tokenOf(first))).toEqual(refused);
  expect(await isSignedIn(person)).toBe(false);
  expect(await eventsOf(person, 'REFRESH_TOKEN_REUSED')).toBe(1);
});

test('a token older than the one before ends the session, also within the ten seconds', async () => {
  const person = await signedIn();
  const second = tokenOf(await refresh(person.refreshToken));
  const third = tokenOf(await refresh(second));
  expect(await refresh(person.refreshToken)).toEqual(refused);
  expect(await refresh(third)).toEqual(refused);
  expect(await isSignedIn(person)).toBe(false);
});

test('reuse after a restart ends the session and its sockets, and its owner is told', async () => {
  const person = await signedIn();
  const before = await harness.another();
  const second = tokenOf(await refresh(person.refreshToken, new Client(before.url)));
  await before.close();
  harness.clock.advance(seconds(11));
  const restarted = await harness.another();
  const sockets = [
    await RawSocket.open(harness.app.url, person.token),
    await RawSocket.open(restarted.url, person.token),
  ];
  const payloads = await Promise.all(
    Array.from({ length: 20 }, () => refresh(person.refreshToken, new Client(restarted.url))),
  );
  expect(payloads).toEqual(payloads.map(() => refused));
  expect(await Promise.all(sockets.map((socket) => socket.closure()))).toEqual([4401, 4401]);
  expect(await refresh(second)).toEqual(refused);
  expect(await eventsOf(person, 'REFRESH_TOKEN_REUSED')).toBe(1);
  const mails = () =>
    harness.mailbox.mails.filter(({ subject }) => subject === 'A session of yours was ended for safety');
  const own = () => mails().filter(({ to }) => to === `refresher${count}@example.com`);
  await eventually(() => own().length > 0);
  expect(own()).toHaveLength(1);
});

test('20 parallel refreshes of one token over two processes leave one lineage', async () => {
  const { url } = await harness.another();
  for (let round = 0; round < 5; round += 1) {
    const person = await signedIn();
    const payloads = await Promise.all(
      Array.from({ length: 20 }, (_, n) => refresh(person.refreshToken, n % 2 ? new Client(url) : harness.client())),
    );
    expect(payloads.flatMap(({ errors }) => [...(errors ?? [])])).toEqual([]);
    expect(new Set(payloads.map(tokenOf)).size).toBe(1);
    const rows = await harness.app.services.database.sql.rows(
      `select token_generation, (select count(*)::int from refresh_tokens where session_id = id) as stored
       from sessions where id = $1`,
      [String(person.sessionId)],
    );
    expect(rows).toEqual([{ token_generation: 1, stored: 0 }]);
    expect((await refresh(tokenOf(payloads[0] as Json)))['errors']).toEqual([]);
    expect(await eventsOf(person, 'REFRESH_TOKEN_REUSED')).toBe(0);
  }
});

test('a refresh that races a logout leaves nothing alive, in 200 rounds', async () => {
  const person = await signedIn();
  const username = `refresher${count}`;
  for (let round = 0; round < 200; round++) {
    await person.login(username, password);
    const [payload] = await Promise.all([
      refresh(person.refreshToken),
      person.ask('mutation { logout { errors { code } } }'),
    ]);
    const token = payload['authentication'] ? tokenOf(payload) : person.refreshToken;
    expect(await refresh(token)).toEqual(refused);
    if (payload['authentication']) person.keep(payload['authentication'] as Json);
    expect(await isSignedIn(person)).toBe(false);
  }
}, 120_000);

test('an unused token dies after its time, and the absolute lifetime holds however often it is refreshed', async () => {
  const idle = await signedIn();
  const busy = await signedIn({ rememberMe: true });
  harness.clock.advance(hours(7) - seconds(5));
  const last = await refresh(idle.refreshToken);
  expect(last['errors']).toEqual([]);
  harness.clock.advance(hours(7) + seconds(5));
  expect(await refresh(tokenOf(last))).toEqual(refused);
  let token = busy.refreshToken;
  for (let day = 1; day < 30; day++) {
    const payload = await refresh(token);
    expect(payload['errors']).toEqual([]);
    token = tokenOf(payload);
    harness.clock.advance(days(1));
  }
  harness.clock.advance(days(1));
  expect(await refresh(token)).toEqual(refused);
});

test('a deactivated user’s session cannot be refreshed', async () => {
  const person = await signedIn();
  await harness.app.services.database.sql.rows('update users set is_active = false where id = $1', [
    String(person.userId),
  ]);
  expect(await refresh(person.refreshToken)).toEqual(refused);
});

test.each(['', 'x', 'null', '\u{1F600}', 'a'.repeat(50_000), "' or 1=1 --"])(
  'nonsense is refused and ends nothing: %j',
  async (token) => {
    expect(await refresh(token)).toEqual(refused);
  },
);

test('no token and no cookie is refused', async () => {
  expect(await refresh(undefined)).toEqual(refused);
});

test('the database holds no refresh token', async () => {
  const person = await signedIn();
  const rows = await harness.app.services.database.sql.rows<{ text: string }>(
    'select row_to_json(t)::text as text from refresh_tokens t union all select row_to_json(s)::text from sessions s',
  );
  expect(rows.filter(({ text }) => text.includes(String(person.refreshToken)))).toEqual([]);
});

test('a service that is started with a shorter absolute lifetime refreshes no session that is older', async () => {
  const person = await signedIn();
  harness.clock.advance(hours(2));
  const stricter = await harness.another({ SESSION_LIFETIME: '1h' });
  const payload = await new Client(stricter.url).mutate(
    'refreshSession',
    { refreshToken: person.refreshToken },
    'authentication { expiresIn }',
  );
  expect(payload['errors']).toMatchObject([{ code: 'INVALID_TOKEN' }]);
});
