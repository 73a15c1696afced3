import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { minutes } from '../../src/clock.js';
import { randomToken } from '../../src/secrets.js';
import { Client } from '../support/client.js';
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
  wrongCodeFor,
} from '../support/second-factor.js';

const wrongCode = 'INVALID_CODE input code';
const deadToken = 'INVALID_TOKEN input challengeToken';
let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start({ TRUSTED_PROXIES: '127.0.0.1' });
});
afterAll(() => harness.close());

const sql = () => harness.app.services.database.sql;
let addresses = 0;
/** A client with a new address. */
const stranger = (): Client => {
  addresses += 1;
  return harness.client({ 'x-forwarded-for': `198.51.100.${addresses}` });
};
/**
 * Signs in with the password on a new device, to an account without a second factor.
 * @returns the device token
 */
const plainDevice = async (name: string): Promise<string> => {
  const fields = 'result { ... on Authentication { deviceToken } }';
  const payload = await stranger().mutate('login', { identifier: name, password }, fields);
  return String(payload['result']?.['deviceToken']);
};
/**
 * Signs in with password and code, on a new device by default.
 * @returns the device token
 */
const passedDevice = async (ada: Equipped, deviceToken?: string): Promise<string> => {
  const entered = await signIn(stranger(), ada, nextCode(harness, ada.secret), { deviceToken });
  return String(entered['authentication']['deviceToken']);
};
/**
 * Tries five wrong codes on each device, and five without a device token.
 * @returns the number of codes that were verified
 */
async function reached(ada: Equipped, devices: readonly string[]): Promise<number> {
  const wrong = wrongCodeFor(harness, ada.secret);
  const tokens = [undefined, ...devices].flatMap((device) => Array.from({ length: 5 }, () => device));
  const challengeToken = await challenge(stranger(), ada.name);
  const { sql } = harness.app.services.database;
  const looked = async () =>
    (
      await sql.row<{ n: number }>(`select coalesce(sum(count), 0)::int as n from attempts where key like $1`, [
        `code:${ada.client.userId}%`,
      ])
    )?.n ?? 0;
  const before = await looked();
  const answers = await Promise.all(
    tokens.map((deviceToken) => complete(stranger(), challengeToken, wrong, { deviceToken })),
  );
  expect(new Set(answers.map(errorOf))).toEqual(new Set([wrongCode]));
  return (await looked()) - before;
}
const notARecoveryCode = 'AAAAAA-BBBBBB-CCCCCC-DDDDDD';

describe('replay', () => {
  const uses: [string, (ada: Equipped, code: string) => Promise<string | undefined>][] = [
    ['signing in', async (ada, code) => errorOf(await signIn(stranger(), ada, code))],
    ['new recovery codes', async (ada, code) => errorOf(await regenerate(ada.client, code))],
    ['switching off', async (ada, code) => errorOf(await disable(ada.client, code))],
  ];
  const pairs = uses
    .filter(([first]) => first !== 'switching off')
    .flatMap(([first, use]) => uses.map(([second, again], place) => ({ first, use, second, again, place })));

  test.each(pairs)('a code used for $first is refused for $second, and so is an older one', async (pair) => {
    const ada = await equip(harness, `replay.${pair.first.length}.${pair.place}`);
    const older = nextCode(harness, ada.secret);
    const code = nextCode(harness, ada.secret);
    expect(await pair.use(ada, code)).toBeUndefined();
    expect(await pair.again(ada, code)).toBe(wrongCode);
    expect(await pair.again(ada, older)).toBe(wrongCode);
    expect(await pair.again(ada, nextCode(harness, ada.secret))).toBeUndefined();
  });

  test.each(uses)('the code that confirmed the enrolment is refused for %s', async (name, use) => {
    const ada = await equip(harness, `confirmed.${name.length}`);
    expect(await use(ada, codeOf(harness, ada.secret))).toBe(wrongCode);
    expect(await use(ada, codeOf(harness, ada.secret, -1))).toBe(wrongCode);
  });

  test('a code from the future that was accepted leaves the present one dead', async () => {
    const ada = await equip(harness, 'future.ada');
    nextCode(harness, ada.secret);
    expect(errorOf(await signIn(stranger(), ada, codeOf(harness, ada.secret, 1)))).toBeUndefined();
    expect(errorOf(await signIn(stranger(), ada, codeOf(harness, ada.secret)))).toBe(wrongCode);
  });
});

describe('guessing', () => {
  test('five wrong codes lock, whatever the challenge, the kind of code and the address', async () => {
    const ada = await equip(harness, 'guessed.ada');
    const wrong = [
      wrongCodeFor(harness, ada.secret),
      notARecoveryCode,
      '',
      'x'.repeat(10_000),
      wrongCodeFor(harness, ada.secret),
    ];
    for (const code of wrong) expect(errorOf(await signIn(stranger(), ada, code))).toBe(wrongCode);
    const right = [() => nextCode(harness, ada.secret), () => String(ada.recoveryCodes[0])];
    for (const code of right) expect(errorOf(await signIn(stranger(), ada, code()))).toBe(wrongCode);
    // The refused recovery code was not used up.
    const text = 'select count(*)::int as n from recovery_codes where user_id = $1 and used_at is null';
    expect(await sql().row(text, [String(ada.client.userId)])).toEqual({ n: 10 });
    expect((await harness.mailbox.mailTo('guessed.ada@example.com', 2)).text).toEqual(expect.any(String));
    await eventually(() =>
      harness.mailbox.mails.find(({ to, subject }) => to.startsWith('guessed.ada') && /locked/.test(subject)),
    );
    harness.clock.advance(minutes(30) + 1);
    expect(errorOf(await signIn(stranger(), ada, nextCode(harness, ada.secret)))).toBeUndefined();
  });

  test('the count goes on across signing in, switching off and new recovery codes, and outlives a restart', async () => {
    const ada = await equip(harness, 'counted.ada');
    const wrong = () => wrongCodeFor(harness, ada.secret);
    expect(errorOf(await disable(ada.client, wrong()))).toBe(wrongCode);
    expect(errorOf(await regenerate(ada.client, wrong()))).toBe(wrongCode);
    expect(errorOf(await signIn(stranger(), ada, wrong()))).toBe(wrongCode);
    const restarted = await harness.another();
    expect(errorOf(await signIn(new Client(restarted.url), ada, wrong()))).toBe(wrongCode);
    expect(errorOf(await signIn(stranger(), ada, wrong()))).toBe(wrongCode);
    for (const use of [disable, regenerate])
      expect(errorOf(await use(ada.client, nextCode(harness, ada.secret)))).toBe(wrongCode);
    expect(errorOf(await signIn(stranger(), ada, nextCode(harness, ada.secret)))).toBe(wrongCode);
  });

  test('right passwords forgive no wrong code', async () => {
    const ada = await equip(harness, 'forgiven.ada');
    for (let n = 0; n < 5; n += 1) {
      expect(errorOf(await signIn(stranger(), ada, wrongCodeFor(harness, ada.secret)))).toBe(wrongCode);
      await challenge(stranger(), ada.name);
      await regenerate(ada.client, '', 'not the password');
    }
    expect(errorOf(await signIn(stranger(), ada, nextCode(harness, ada.secret)))).toBe(wrongCode);
    // A replaced password does not reset the count either.
    await sql().rows('update users set password_changed_at = $2 where id = $1', [
      String(ada.client.userId),
      harness.clock.now(),
    ]);
    expect(errorOf(await signIn(stranger(), ada, nextCode(harness, ada.secret)))).toBe(wrongCode);
  });

  test('wrong passwords do not use up the budget of codes', async () => {
    const ada = await equip(harness, 'separate.ada');
    const token = await challenge(stranger(), ada.name);
    for (let n = 0; n < 6; n += 1) await stranger().login(ada.name, 'not the password');
    expect(errorOf(await complete(stranger(), token, nextCode(harness, ada.secret)))).toBeUndefined();
  });

  test('a success starts the count anew', async () => {
    const ada = await equip(harness, 'anew.ada');
    for (let round = 0; round < 3; round += 1) {
      for (let n = 0; n < 4; n += 1)
        expect(errorOf(await signIn(stranger(), ada, wrongCodeFor(harness, ada.secret)))).toBe(wrongCode);
      expect(errorOf(await signIn(stranger(), ada, nextCode(harness, ada.secret)))).toBeUndefined();
    }
  });

  test('a burst of a hundred wrong codes reaches the verifier five times', async () => {
    const ada = await equip(harness, 'burst.ada');
    const token = await challenge(stranger(), ada.name);
    const wrong = wrongCodeFor(harness, ada.secret);
    await Promise.all(Array.from({ length: 100 }, () => complete(stranger(), token, wrong)));
    const attempts = await sql().row('select count, locked_until is not null as locked from attempts where key = $1', [
      `code:${ada.client.userId}`,
    ]);
    expect(attempts).toEqual({ count: 5, locked: true });
    expect(errorOf(await complete(stranger(), token, nextCode(harness, ada.secret)))).toBe(wrongCode);
  });

  test('a device that has passed a code keeps its own budget', async () => {
    const ada = await equip(harness, 'device.ada');
    const deviceToken = await passedDevice(ada);
    for (let n = 0; n < 5; n += 1) await signIn(stranger(), ada, wrongCodeFor(harness, ada.secret));
    expect(errorOf(await signIn(stranger(), ada, nextCode(harness, ada.secret)))).toBe(wrongCode);
    expect(errorOf(await signIn(stranger(), ada, nextCode(harness, ada.secret), { deviceToken }))).toBeUndefined();
    // The device token of another account is not accepted.
    const eve = await equip(harness, 'device.eve');
    const stolen = { deviceToken: await passedDevice(eve) };
    expect(errorOf(await signIn(stranger(), ada, nextCode(harness, ada.secret), stolen))).toBe(wrongCode);
  });

  test('devices from before the second factor share one budget of codes', async () => {
    const name = 'before.ada';
    const client = await harness.person(name);
    const devices = await Promise.all(Array.from({ length: 13 }, () => plainDevice(name)));
    const ada = await equip(harness, name, client);
    expect(await reached(ada, devices)).toBe(5);
    for (const deviceToken of [undefined, ...devices])
      expect(errorOf(await signIn(stranger(), ada, nextCode(harness, ada.secret), { deviceToken }))).toBe(wrongCode);
  });

  test('one of them has a budget of codes once it has passed one, and keeps the one it has for passwords', async () => {
    const name = 'upgraded.ada';
    const client = await harness.person(name);
    const before = await plainDevice(name);
    const ada = await equip(harness, name, client);
    const after = await passedDevice(ada, before);
    for (let n = 0; n < 5; n += 1) await signIn(stranger(), ada, wrongCodeFor(harness, ada.secret));
    for (const deviceToken of [before, undefined])
      expect(errorOf(await signIn(stranger(), ada, nextCode(harness, ada.secret), { deviceToken }))).toBe(wrongCode);
    expect(await passedDevice(ada, after)).toBe(after);
    for (const deviceToken of [before, after, before, after, before])
      await stranger().login(name, 'not the password', { deviceToken });
    for (const deviceToken of [before, after])
      expect((await stranger().login(name, password, { deviceToken }))['result']).toBeNull();
    expect(await challenge(stranger(), name)).toMatch(/^[\w-]{43}$/);
  });

  test('a code of an earlier authenticator gives no budget for those of a later one', async () => {
    const name = 'renewed.ada';
    const ada = await equip(harness, name);
    const devices = [await passedDevice(ada), await passedDevice(ada), await passedDevice(ada)];
    expect(errorOf(await disable(ada.client, nextCode(harness, ada.secret)))).toBeUndefined();
    const again = await equip(harness, name, ada.client);
    expect(await reached(again, devices)).toBe(5);
    const deviceToken = String(devices[0]);
    expect(errorOf(await signIn(stranger(), again, nextCode(harness, again.secret), { deviceToken }))).toBe(wrongCode);
  });

  test('the budget of a device is five too, and is nobody else’s to forge', async () => {
    const ada = await equip(harness, 'forged.ada');
    const passed = await passedDevice(ada);
    const [device, password, code] = passed.split('.') as [string, string, string];
    const plain = `${device}.${password}`;
    const other = await passedDevice(ada);
    const forged = [
      plain,
      `${plain}.`,
      `${plain}.${password}`,
      `${plain}.${'A'.repeat(43)}`,
      `${plain}.${other.split('.')[2]}`,
      `${device}.${code}`,
      `${device}.${code}.${code}`,
      `${passed}.${code}`,
      `${device.toUpperCase()}.${password}.${code}`,
    ];
    expect(await reached(ada, forged)).toBe(5);
    expect(await reached(ada, [passed, passed])).toBe(5);
  });

  test('wrong codes at enrolment count too', async () => {
    const ada = await harness.person('enrolling.ada');
    const secret = String((await begin(ada))['secret']);
    for (let n = 0; n < 5; n += 1) expect(errorOf(await confirm(ada, wrongCodeFor(harness, secret)))).toBe(wrongCode);
    expect(errorOf(await confirm(ada, nextCode(harness, secret)))).toBe(wrongCode);
  });

  test('one address tries codes as often as its budget allows', async () => {
    const strict = await Harness.start({ RATE_LIMIT_TWO_FACTOR: '3/10m' });
    const ask = () =>
      strict
        .client()
        .ask('mutation { completeTwoFactorLogin(input: { challengeToken: "-", code: "-" }) { errors { code } } }');
    const answers = [await ask(), await ask(), await ask(), await ask()];
    expect(answers.map(({ codes }) => codes[0])).toEqual([undefined, undefined, undefined, 'RATE_LIMITED']);
    await strict.close();
  });
});

describe('challenges', () => {
  test.each([
    ['unknown', () => randomToken()],
    ['empty', () => ''],
    ['long', () => 'x'.repeat(50_000)],
  ])('one that is %s is refused', async (_name, token) => {
    expect(errorOf(await complete(stranger(), token(), '123456'))).toBe(deadToken);
  });

  test('one is used once', async () => {
    const ada = await equip(harness, 'once.ada');
    const token = await challenge(stranger(), ada.name);
    expect(errorOf(await complete(stranger(), token, nextCode(harness, ada.secret)))).toBeUndefined();
    expect(errorOf(await complete(stranger(), token, nextCode(harness, ada.secret)))).toBe(deadToken);
  });

  test('a wrong code leaves it open', async () => {
    const ada = await equip(harness, 'again.ada');
    const token = await challenge(stranger(), ada.name);
    expect(errorOf(await complete(stranger(), token, wrongCodeFor(harness, ada.secret)))).toBe(wrongCode);
    expect(errorOf(await complete(stranger(), token, nextCode(harness, ada.secret)))).toBeUndefined();
  });

  test.each([
    [minutes(5) - 10_000, undefined],
    [minutes(5), deadToken],
  ])('%i ms old it answers %s', async (age, error) => {
    const ada = await equip(harness, `aged.${age}`);
    const token = await challenge(stranger(), ada.name);
    harness.clock.advance(age);
    expect(errorOf(await complete(stranger(), token, codeOf(harness, ada.secret)))).toBe(error);
  });

  test('another’s does not take one’s own code', async () => {
    const ada = await equip(harness, 'bound.ada');
    const eve = await equip(harness, 'bound.eve');
    const token = await challenge(stranger(), ada.name);
    expect(errorOf(await complete(stranger(), token, nextCode(harness, eve.secret)))).toBe(wrongCode);
    expect(errorOf(await complete(stranger(), token, String(eve.recoveryCodes[0])))).toBe(wrongCode);
    // Eve's code was neither used up nor counted against her.
    expect(errorOf(await signIn(stranger(), eve, String(eve.recoveryCodes[0])))).toBeUndefined();
  });

  test.each([
    ['deactivated', 'update users set is_active = false where id = $1'],
    ['deleted', 'delete from users where id = $1'],
  ])('is dead when the account is %s', async (name, change) => {
    const ada = await equip(harness, `${name}.ada`);
    const token = await challenge(stranger(), ada.name);
    await sql().rows(change, [String(ada.client.userId)]);
    expect(errorOf(await complete(stranger(), token, nextCode(harness, ada.secret)))).toBe(deadToken);
  });

  test('deactivation while the code is verified lets no session through and uses no code up', async () => {
    const ada = await equip(harness, 'raced.ada');
    const token = await challenge(stranger(), ada.name);
    const completing = await harness.app.services.database.transaction(async (tx) => {
      await tx.rows('update users set is_active = false where id = $1', [String(ada.client.userId)]);
      const attempt = complete(stranger(), token, String(ada.recoveryCodes[0]));
      await eventually(async () => {
        const waits = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
        return (await sql().rows(waits)).length > 0;
      });
      return { attempt };
    });
    expect(errorOf(await completing.attempt)).toBe(deadToken);
    const text = 'select count(*)::int as n from recovery_codes where user_id = $1 and used_at is null';
    expect(await sql().row(text, [String(ada.client.userId)])).toEqual({ n: 10 });
  });

  test('opens nothing but its completion, and nothing else opens that', async () => {
    const ada = await equip(harness, 'crossed.ada');
    const token = await challenge(stranger(), ada.name);
    const bearer = stranger();
    bearer.token = token;
    for (const query of ['{ viewer { id } }', '{ viewerSession { id } }', 'mutation { logout { errors { code } } }'])
      expect((await bearer.ask(query)).codes).toEqual(['UNAUTHENTICATED']);
    const presentations: Record<string, string>[] = [
      { 'x-api-key': token },
      { authorization: `Basic ${btoa(`${ada.name}:${token}`)}` },
    ];
    for (const headers of presentations)
      expect((await harness.client(headers).ask('{ node(id: "x") { id } }')).codes).toEqual(['UNAUTHENTICATED']);
    const others = [
      ['refreshSession', { refreshToken: token }],
      ['verifyEmail', { token }],
    ] as const;
    for (const [name, input] of others)
      expect(errorOf(await stranger().mutate(name, input, '__typename'))).toMatch(/^INVALID_TOKEN/);
    const entered = await complete(stranger(), token, nextCode(harness, ada.secret));
    await harness
      .client()
      .mutate('register', { username: 'crossed.bea', email: 'crossed.bea@example.com', password }, 'email');
    const presented = [
      entered['authentication']['accessToken'],
      entered['authentication']['refreshToken'],
      entered['authentication']['deviceToken'],
      await harness.mailbox.tokenTo('crossed.bea@example.com'),
    ].map(String);
    for (const one of presented)
      expect(errorOf(await complete(stranger(), one, nextCode(harness, ada.secret)))).toBe(deadToken);
  });
});

test('an authenticator copied to another account opens nothing', async () => {
  const ada = await equip(harness, 'copied.ada');
  const eve = await equip(harness, 'copied.eve');
  const copy = `update two_factors set sealed_secret = (select sealed_secret from two_factors where user_id = $2) where user_id = $1`;
  await sql().rows(copy, [String(ada.client.userId), String(eve.client.userId)]);
  await expect(signIn(stranger(), ada, nextCode(harness, eve.secret))).rejects.toThrow(/INTERNAL_SERVER_ERROR/);
});

test('an ended session confirms, switches off and renews nothing', async () => {
  const ada = await equip(harness, 'ended.ada');
  await ada.client.ask('mutation { logout { errors { code } } }');
  const runs = [
    () => begin(ada.client),
    () => confirm(ada.client, '123456'),
    () => disable(ada.client, '123456'),
    () => regenerate(ada.client, '123456'),
  ];
  for (const run of runs) await expect(run()).rejects.toThrow(/UNAUTHENTICATED/);
});

test('no secret, code or challenge token is in a table, an event or the log', async () => {
  const ada = await harness.person('silent.ada');
  const begun = await begin(ada);
  const secret = String(begun['secret']);
  const codes = [nextCode(harness, secret)];
  const confirmed = await confirm(ada, String(codes[0]));
  const recoveryCodes = confirmed['recoveryCodes'] as never as string[];
  const person = { name: 'silent.ada', client: ada, secret, recoveryCodes };
  const token = await challenge(stranger(), person.name);
  await complete(stranger(), token, notARecoveryCode);
  await complete(stranger(), token, String(recoveryCodes[0]));
  const open = await challenge(stranger(), person.name);
  const plain = [secret, token, open, ...recoveryCodes.flatMap((code) => [code, code.replaceAll('-', '')])];
  const stored = await everything();
  expect(stored).toContain('silent.ada');
  const hidden = plain.flatMap((text) => [text, Buffer.from(text).toString('hex')]);
  for (const place of [stored, harness.logged.join('')]) {
    expect(hidden.filter((text) => place.toLowerCase().includes(text.toLowerCase()))).toEqual([]);
  }
  const mails = harness.mailbox.mails.map(({ text }) => text).join();
  expect(plain.filter((text) => mails.includes(text))).toEqual([]);
});

/** The rows of all tables as text; bytea is in hex. */
async function everything(): Promise<string> {
  const tables = await sql().rows<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  );
  const rows = await Promise.all(
    tables.map(({ name }) => sql().rows<{ row: string }>(`select t::text as row from "${name}" t`)),
  );
  return rows
    .flat()
    .map(({ row }) => row)
    .join('\n');
}
