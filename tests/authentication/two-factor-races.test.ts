import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { App } from '../../src/app.js';
import { deviceTokenFor } from '../../src/authentication/attempts/devices.js';
import { Client, type Json } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import {
  begin,
  challenge,
  codeOf,
  complete,
  confirm,
  disable,
  type Equipped,
  equip,
  errorOf,
  nextCode,
  regenerate,
  signIn,
} from '../support/second-factor.js';

const parallel = 20;
let harness: Harness;
let other: App;
let ada: Equipped;
/** Ada's sealed second factor, with which tokens of devices that passed a code are signed. */
let authenticator: Buffer;
let count = 0;

beforeAll(async () => {
  harness = await Harness.start({ DATABASE_POOL_SIZE: '10' });
  other = await harness.another();
});
afterAll(() => harness.close());
beforeEach(async () => {
  count += 1;
  ada = await equip(harness, `racer${count}`);
  const text = 'select sealed_secret as sealed from two_factors where user_id = $1';
  const kept = await harness.app.services.database.sql.row<{ sealed: Buffer }>(text, [String(ada.client.userId)]);
  authenticator = kept?.sealed ?? Buffer.alloc(0);
});

/**
 * Creates a client, alternating between the two processes, with a person's token if one is given. Each client is a
 * device on which its user has signed in before, Ada with a code, so it has its own count of attempts. With a shared
 * count, attempts would run one after another within a process.
 */
function clientOf(place: number, person?: Client): Client {
  const owner = person ?? ada.client;
  const { secrets } = harness.app.services;
  const device = deviceTokenFor(secrets, String(owner.userId), owner === ada.client ? authenticator : undefined);
  const headers = { cookie: `__Host-gatehouse-device=${device}` };
  const client = new Client(place % 2 === 0 ? harness.app.url : other.url, headers);
  client.token = person?.token;
  return client;
}
const times = <T>(work: (place: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: parallel }, (_, place) => work(place)));

/** Runs twenty calls at once. The account's row stays locked until several have verified their code. */
async function timesAtOnce<T>(
  work: (place: number) => Promise<T>,
  { userId = ada.client.userId, atLeast = 4 }: { userId?: string | undefined; atLeast?: number } = {},
): Promise<T[]> {
  const waiting = `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  const { answers } = await harness.app.services.database.transaction(async (tx) => {
    await tx.rows('select 1 from users where id = $1 for update', [String(userId)]);
    const started = times(work);
    await eventually(async () => {
      await tx.rows('select pg_stat_clear_snapshot()');
      return Number((await tx.row<{ n: number }>(waiting))?.n) >= atLeast;
    });
    return { answers: started };
  });
  return answers;
}
const successes = (payloads: readonly Json[]) => payloads.filter((payload) => errorOf(payload) === undefined);
const sessions = async () => {
  const text = 'select count(*)::int as n from sessions where user_id = $1 and ended_at is null';
  return (await harness.app.services.database.sql.row<{ n: number }>(text, [String(ada.client.userId)]))?.n;
};

const codes: [string, () => string][] = [
  ['a code', () => nextCode(harness, ada.secret)],
  ['a recovery code', () => String(ada.recoveryCodes[0])],
];

test.each(codes)('of twenty uses of %s by as many challenges in two processes one succeeds', async (_name, code) => {
  const tokens: string[] = [];
  for (let n = 0; n < parallel; n += 1) tokens.push(await challenge(clientOf(n), ada.name));
  const before = Number(await sessions());
  const used = code();
  const answers = await timesAtOnce((place) => complete(clientOf(place), String(tokens[place]), used));
  expect(successes(answers)).toHaveLength(1);
  expect(answers.map(errorOf).filter((error) => error !== 'INVALID_CODE input code')).toEqual([undefined]);
  expect(await sessions()).toBe(before + 1);
});

test.each(codes)('of twenty uses of one challenge with %s one succeeds', async (_name, code) => {
  const token = await challenge(clientOf(0), ada.name);
  const before = Number(await sessions());
  const used = code();
  const answers = await timesAtOnce((place) => complete(clientOf(place), token, used));
  expect(successes(answers)).toHaveLength(1);
  expect(await sessions()).toBe(before + 1);
  // The superfluous attempts were not counted, so the account is not locked.
  expect(errorOf(await signIn(clientOf(0), ada, nextCode(harness, ada.secret)))).toBeUndefined();
});

test('one challenge with twenty recovery codes opens one session and uses one code', async () => {
  const token = await challenge(clientOf(0), ada.name);
  const answers = await timesAtOnce((place) => complete(clientOf(place), token, String(ada.recoveryCodes[place % 10])));
  expect(successes(answers)).toHaveLength(1);
  const text = 'select count(*)::int as n from recovery_codes where user_id = $1 and used_at is not null';
  expect(await harness.app.services.database.sql.row(text, [String(ada.client.userId)])).toEqual({ n: 1 });
});

test('of twenty confirmations one succeeds, and its recovery codes are the ones that work', async () => {
  const bea = await harness.person(`confirmer${count}`);
  const secret = String((await begin(bea))['secret']);
  const code = nextCode(harness, secret);
  // Before the first code is passed, all devices share one count, so each process runs one attempt at a time.
  const terms = { userId: bea.userId, atLeast: 2 };
  const answers = successes(await timesAtOnce((place) => confirm(clientOf(place, bea), code), terms));
  expect(answers).toHaveLength(1);
  const recoveryCodes = answers[0]?.['recoveryCodes'] as never as string[];
  expect(recoveryCodes).toHaveLength(10);
  const text = 'select count(*)::int as n from recovery_codes where user_id = $1';
  expect(await harness.app.services.database.sql.row(text, [String(bea.userId)])).toEqual({ n: 10 });
  harness.clock.advance(31 * 60_000);
  for (const recovery of recoveryCodes.slice(0, 2))
    expect(errorOf(await signIn(clientOf(1), { name: `confirmer${count}` } as Equipped, recovery))).toBeUndefined();
});

test('of twenty beginnings one secret confirms', async () => {
  const bea = await harness.person(`beginner${count}`);
  const secrets = (await times((place) => begin(clientOf(place, bea)))).map((begun) => String(begun['secret']));
  const text = 'select count(*)::int as n from two_factors where user_id = $1';
  expect(await harness.app.services.database.sql.row(text, [String(bea.userId)])).toEqual({ n: 1 });
  const { services } = harness.app;
  const kept = await services.database.sql.row<{ sealed: Buffer }>(
    'select sealed_secret as sealed from two_factors where user_id = $1',
    [String(bea.userId)],
  );
  const secret = services.secrets.open('two-factor', kept?.sealed ?? Buffer.alloc(0), String(bea.userId));
  expect(secrets).toContain(secret);
  expect(errorOf(await confirm(bea, nextCode(harness, secret)))).toBeUndefined();
});

test.each(codes)('one use of %s among sign-ins, new recovery codes and switching off', async (_name, code) => {
  const tokens: string[] = [];
  for (let n = 0; n < parallel; n += 1) tokens.push(n % 3 === 0 ? await challenge(clientOf(n), ada.name) : '');
  const used = code();
  const answers = await timesAtOnce((place) => {
    const client = clientOf(place, ada.client);
    if (place % 3 === 0) return complete(client, String(tokens[place]), used);
    return place % 3 === 1 ? regenerate(client, used) : disable(client, used);
  });
  expect(successes(answers)).toHaveLength(1);
});

test.each(codes)('of twenty renewals with %s one succeeds', async (_name, code) => {
  const used = code();
  const answers = await timesAtOnce((place) => regenerate(clientOf(place, ada.client), used));
  expect(successes(answers)).toHaveLength(1);
});

test('switching off while signing in leaves no deadlock and no half account', async () => {
  for (let round = 0; round < 10; round += 1) {
    const one = await equip(harness, `round${round}`);
    const token = await challenge(clientOf(0), one.name);
    const [off, entered] = await Promise.all([
      disable(clientOf(1, one.client), String(one.recoveryCodes[0])),
      complete(clientOf(0), token, nextCode(harness, one.secret)),
    ]);
    expect(errorOf(off)).toBeUndefined();
    expect(errorOf(entered) ?? 'none').toMatch(/^(none|INVALID_TOKEN.*|INVALID_CODE.*)$/);
    expect((await harness.client().login(one.name, password))['result']['__typename']).toBe('Authentication');
  }
});

test('a step is used up in every process, and after a restart', async () => {
  const early = codeOf(harness, ada.secret);
  const used = nextCode(harness, ada.secret);
  expect(errorOf(await signIn(clientOf(0), ada, used))).toBeUndefined();
  const restarted = await harness.another();
  for (const url of [harness.app.url, other.url, restarted.url])
    expect(errorOf(await signIn(new Client(url), ada, used))).toBe('INVALID_CODE input code');
  expect(errorOf(await signIn(new Client(restarted.url), ada, early))).toBe('INVALID_CODE input code');
  expect(errorOf(await signIn(new Client(restarted.url), ada, nextCode(harness, ada.secret)))).toBeUndefined();
});
