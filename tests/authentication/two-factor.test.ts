import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import QRCode from 'qrcode';
import { sweep } from '../../src/authentication/sweep.js';
import { hours, minutes } from '../../src/clock.js';
import type { Json } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import {
  begin,
  challenge,
  codeOf,
  complete,
  confirm,
  disable,
  equip,
  errorOf,
  nextCode,
  regenerate,
  signIn,
  step,
  wrongCodeFor,
} from '../support/second-factor.js';
import { overHttp, overSocket, transports } from '../support/transports.js';

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start({ SERVICE_NAME: 'Gate & House' });
});
afterAll(() => harness.close());

const sql = () => harness.app.services.database.sql;
const count = async (table: string, userId: string | undefined, condition = 'true') =>
  (
    await sql().row<{ n: number }>(`select count(*)::int as n from ${table} where user_id = $1 and ${condition}`, [
      String(userId),
    ])
  )?.n;
const eventsOf = async (userId: string | undefined) => {
  const text = `select type from every_event where subject_id = $1 and (type like 'TWO%' or type like 'RECOVERY%') order by position`;
  return (await sql().rows<{ type: string }>(text, [String(userId)])).map(({ type }) => type);
};
const mailed = (name: string, subject: RegExp) =>
  eventually(() =>
    harness.mailbox.mails.find((mail) => mail.to === `${name}@example.com` && subject.test(mail.subject)),
  );

describe('enrolment', () => {
  test('begins with the password alone', async () => {
    const ada = await harness.person('begins.ada');
    expect(await begin(ada, 'not the password')).toEqual({
      secret: null,
      otpauthUri: null,
      qrCode: null,
      errors: [{ code: 'INVALID_CREDENTIALS', field: ['input', 'currentPassword'] }],
    });
    expect(await count('two_factors', ada.userId)).toBe(0);
    expect(errorOf(await confirm(ada, '123456'))).toBe('INVALID_CODE input code');
  });

  test('shows the secret, its URI and one PNG that is the QR code of it', async () => {
    const ada = await harness.person('draws.ada');
    const { secret, otpauthUri, qrCode } = await begin(ada);
    expect(otpauthUri).toBe(`otpauth://totp/Gate%20%26%20House:draws.ada?secret=${secret}&issuer=Gate%20%26%20House`);
    const image = Buffer.from(String(qrCode).replace(/^data:image\/png;base64,/, ''), 'base64');
    const { width, rows } = pixelsOf(image);
    const { modules } = QRCode.create(String(otpauthUri), {});
    // The quiet zone is four modules on each side.
    const scale = width / (modules.size + 8);
    expect(Number.isInteger(scale)).toBe(true);
    const drawn = Array.from({ length: modules.size ** 2 }, (_, at) => {
      const centre = (place: number) => Math.floor((place + 4.5) * scale);
      return rows[centre(Math.floor(at / modules.size))]?.[centre(at % modules.size)] ? 0 : 1;
    });
    expect(drawn).toEqual([...modules.data].map(Number));
  });

  test('gates nothing before it is confirmed', async () => {
    const ada = await harness.person('gates.ada');
    await begin(ada);
    expect((await harness.client().login('gates.ada', password))['result']['__typename']).toBe('Authentication');
    expect((await ada.ask('{ viewer { twoFactorEnabled } }')).data['viewer']['twoFactorEnabled']).toBe(false);
  });

  test('begun twice, only the second secret confirms', async () => {
    const ada = await harness.person('twice.ada');
    const first = String((await begin(ada))['secret']);
    const second = String((await begin(ada))['secret']);
    expect(second).not.toBe(first);
    expect(errorOf(await confirm(ada, nextCode(harness, first)))).toBe('INVALID_CODE input code');
    expect(errorOf(await confirm(ada, codeOf(harness, second)))).toBeUndefined();
  });

  test('is confirmed within 15 minutes or never', async () => {
    const ada = await harness.person('dawdles.ada');
    const secret = String((await begin(ada))['secret']);
    harness.clock.advance(minutes(15));
    expect(errorOf(await confirm(ada, codeOf(harness, secret)))).toBe('INVALID_CODE input code');
    expect(errorOf(await confirm(ada, nextCode(harness, secret)))).toBe('INVALID_CODE input code');
  });

  test('shows ten recovery codes once, and says so by event and mail; other sessions stay', async () => {
    const ada = await harness.person('enrols.ada');
    const elsewhere = harness.client();
    await elsewhere.login('enrols.ada', password);
    const { recoveryCodes } = await equip(harness, 'enrols.ada', ada);
    expect(recoveryCodes).toHaveLength(10);
    expect(new Set(recoveryCodes).size).toBe(10);
    for (const code of recoveryCodes) expect(code).toMatch(/^[A-Z2-7]{6}(-[A-Z2-7]{6}){3}$/);
    expect(await eventsOf(ada.userId)).toEqual(['TWO_FACTOR_ENABLED']);
    await mailed('enrols.ada', /second factor/i);
    expect((await elsewhere.ask('{ viewer { twoFactorEnabled } }')).data['viewer']['twoFactorEnabled']).toBe(true);
    expect(errorOf(await begin(ada))).toBe('INVALID_INPUT');
    expect(errorOf(await confirm(ada, nextCode(harness, 'A'.repeat(32))))).toBe('INVALID_CODE input code');
  });
});

/** Height and width of a PNG, and whether each pixel is light. Supports the format that `qrcode` writes: 8-bit RGBA. */
function pixelsOf(image: Buffer): { width: number; rows: boolean[][] } {
  expect(image.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a');
  const chunks: { type: string; data: Buffer }[] = [];
  for (let at = 8; at < image.length; ) {
    const length = image.readUInt32BE(at);
    chunks.push({ type: image.toString('latin1', at + 4, at + 8), data: image.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  const [header, ...rest] = chunks;
  expect([header?.type, rest.at(-1)?.type, chunks.filter(({ type }) => type === 'IHDR').length]).toEqual([
    'IHDR',
    'IEND',
    1,
  ]);
  const [width, height] = [header?.data.readUInt32BE(0) ?? 0, header?.data.readUInt32BE(4) ?? 0];
  expect([header?.data[8], header?.data[9]]).toEqual([8, 6]);
  const raw = inflateSync(Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data)));
  return {
    width,
    rows: unfiltered(raw, width * 4, height).map((row) =>
      [...row].filter((_, x) => x % 4 === 0).map((red) => red > 127),
    ),
  };
}

/**
 * Reverses the filters of PNG rows (PNG specification, section 9.2): bytes are stored as differences to neighbouring
 * ones.
 */
function unfiltered(raw: Buffer, length: number, height: number): Uint8Array[] {
  const rows: Uint8Array[] = [];
  for (let y = 0; y < height; y += 1) {
    const start = y * (length + 1);
    const row = new Uint8Array(length);
    for (let x = 0; x < length; x += 1) {
      const [left, up, corner] = [row[x - 4] ?? 0, rows[y - 1]?.[x] ?? 0, rows[y - 1]?.[x - 4] ?? 0];
      row[x] = (raw[start + 1 + x] ?? 0) + foretold(raw[start] ?? 0, left, up, corner);
    }
    rows.push(row);
  }
  return rows;
}

function foretold(filter: number, left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const near = [left, up, corner].sort((a, b) => Math.abs(estimate - a) - Math.abs(estimate - b))[0] ?? 0;
  return [0, left, up, Math.floor((left + up) / 2), near][filter] ?? 0;
}

describe('signing in', () => {
  test('takes password and code', async () => {
    const ada = await equip(harness, 'signs.ada');
    const client = harness.client();
    const fields = 'result { __typename ... on TwoFactorChallenge { challengeToken methods expiresAt } }';
    const { result } = await client.mutate('login', { identifier: ada.name, password }, fields);
    expect(result).toMatchObject({ __typename: 'TwoFactorChallenge', methods: ['TOTP', 'RECOVERY_CODE'] });
    const done = await complete(client, String(result['challengeToken']), nextCode(harness, ada.secret));
    expect(done['errors']).toEqual([]);
    client.keep(done['authentication']);
    expect((await client.ask('{ viewer { username } }')).data['viewer']['username']).toBe('signs.ada');
    expect(done['authentication']['user']['username']).toBe('signs.ada');
  });

  test.each([
    [-2, false],
    [-1, true],
    [1, true],
    [2, false],
  ])('a code %i steps away is accepted: %s', async (ahead, accepted) => {
    const ada = await equip(harness, `window${ahead + 5}.ada`);
    harness.clock.advance(3 * step);
    nextCode(harness, ada.secret);
    const error = errorOf(await signIn(harness.client(), ada, codeOf(harness, ada.secret, ahead)));
    expect(error).toBe(accepted ? undefined : 'INVALID_CODE input code');
  });

  test('keeps what was asked for at the password: a long session, the cookie', async () => {
    const ada = await equip(harness, 'wishes.ada');
    const client = harness.client();
    const token = await challenge(client, ada.name, { rememberMe: true, cookie: true });
    const answer = await overHttp(harness.app.url, completion(token, nextCode(harness, ada.secret)));
    const { authentication } = answer.data['completeTwoFactorLogin'];
    expect(authentication['refreshToken']).toBeNull();
    expect(answer.headers.getSetCookie().filter((cookie) => /HttpOnly/i.test(cookie))).toHaveLength(2);
    const lives = Date.parse(String(authentication['session']['expiresAt'])) - harness.clock.now().getTime();
    expect(Math.round(lives / hours(1))).toBe(7 * 24);
  });

  test('over a websocket refuses what wants a cookie, and uses nothing up', async () => {
    const ada = await equip(harness, 'sockets.ada');
    const token = await challenge(harness.client(), ada.name, { cookie: true });
    const code = nextCode(harness, ada.secret);
    expect((await overSocket(harness.app.url, completion(token, code))).codes).toEqual(['BAD_USER_INPUT']);
    expect(errorOf(await complete(harness.client(), token, code))).toBeUndefined();
  });

  test.each(transports)('works over %s', async (transport, ask) => {
    const ada = await equip(harness, `${transport.toLowerCase()}.ada`);
    const token = await challenge(harness.client(), ada.name);
    const wrong = await ask(harness.app.url, completion(token, wrongCodeFor(harness, ada.secret)));
    expect(wrong.data['completeTwoFactorLogin']).toEqual({
      authentication: null,
      errors: [{ code: 'INVALID_CODE', field: ['input', 'code'] }],
    });
    const right = await ask(harness.app.url, completion(token, nextCode(harness, ada.secret)));
    expect(right.data['completeTwoFactorLogin']['errors']).toEqual([]);
    expect(right.data['completeTwoFactorLogin']['authentication']['refreshToken']).toEqual(expect.any(String));
  });

  test('from a new device is told to the owner, from a known one it is not', async () => {
    const ada = await equip(harness, 'travels.ada');
    const abroad = harness.client({
      'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    });
    const first = await signIn(abroad, ada, nextCode(harness, ada.secret));
    await mailed(ada.name, /new device/);
    const deviceToken = String(first['authentication']['deviceToken']);
    const before = harness.mailbox.mails.filter(({ subject }) => /new device/.test(subject)).length;
    const moved = harness.client({ 'user-agent': 'something else' });
    expect(errorOf(await signIn(moved, ada, nextCode(harness, ada.secret), { deviceToken }))).toBeUndefined();
    // Once a later mail has arrived, no second notice can be on its way.
    await disable(ada.client, nextCode(harness, ada.secret));
    await mailed(ada.name, /no longer/);
    expect(harness.mailbox.mails.filter(({ subject }) => /new device/.test(subject))).toHaveLength(before);
  });
});

const completion = (challengeToken: string, code: string) => ({
  query: `mutation ($input: CompleteTwoFactorLoginInput!) { completeTwoFactorLogin(input: $input) {
    authentication { refreshToken session { expiresAt } } errors { code field } } }`,
  variables: { input: { challengeToken, code } },
});

describe('recovery codes', () => {
  test('sign in once each, in any spelling; the owner is told how many are left', async () => {
    const ada = await equip(harness, 'recovers.ada');
    const [one = '', two = '', three = '', four = ''] = ada.recoveryCodes;
    const spellings = [
      one,
      two.toLowerCase(),
      three.replaceAll('-', ''),
      ` ${four.replaceAll('-', ' ').toLowerCase()} `,
    ];
    for (const [place, spelling] of spellings.entries()) {
      expect(errorOf(await signIn(harness.client(), ada, spelling))).toBeUndefined();
      const { text } = await mailed(ada.name, /recovery code was used/);
      harness.mailbox.mails.splice(0);
      expect(text).toContain(`left: ${9 - place}`);
    }
    for (const used of [one, two, three])
      expect(errorOf(await signIn(harness.client(), ada, used))).toBe('INVALID_CODE input code');
    expect(await eventsOf(ada.client.userId)).toEqual([
      'TWO_FACTOR_ENABLED',
      ...new Array(4).fill('RECOVERY_CODE_USED'),
      ...new Array(3).fill('TWO_FACTOR_FAILED'),
    ]);
  });

  test.each([
    ['TOTP', 'TOTP', true],
    ['TOTP', 'RECOVERY_CODE', false],
    ['RECOVERY_CODE', 'RECOVERY_CODE', true],
    ['RECOVERY_CODE', 'TOTP', false],
    ['TOTP', null, true],
    ['RECOVERY_CODE', null, true],
  ])('a %s given as %s is accepted: %s', async (kind, method, accepted) => {
    const ada = await equip(harness, `as.${kind}.${method}`.toLowerCase());
    const code = kind === 'TOTP' ? nextCode(harness, ada.secret) : String(ada.recoveryCodes[0]);
    const error = errorOf(await signIn(harness.client(), ada, code, { method }));
    expect(error).toBe(accepted ? undefined : 'INVALID_CODE input code');
  });

  test('made anew, the old ones are dead', async () => {
    const ada = await equip(harness, 'renews.ada');
    const renewed = await regenerate(ada.client, nextCode(harness, ada.secret));
    const codes = renewed['recoveryCodes'] as never as string[];
    expect(new Set([...codes, ...ada.recoveryCodes]).size).toBe(20);
    expect(errorOf(await signIn(harness.client(), ada, String(ada.recoveryCodes[0])))).toBe('INVALID_CODE input code');
    expect(errorOf(await signIn(harness.client(), ada, String(codes[0])))).toBeUndefined();
    await mailed(ada.name, /new recovery codes/);
    expect(await eventsOf(ada.client.userId)).toContain('RECOVERY_CODES_REGENERATED');
    // It also works with a recovery code, which is then replaced like the others.
    const again = (await regenerate(ada.client, String(codes[1])))['recoveryCodes'] as never as string[];
    expect(again).toHaveLength(10);
    expect(await count('recovery_codes', ada.client.userId)).toBe(10);
  });

  test('used up, they are not offered any more', async () => {
    const ada = await equip(harness, 'spends.ada');
    for (const code of ada.recoveryCodes) expect(errorOf(await signIn(harness.client(), ada, code))).toBeUndefined();
    const fields = 'result { ... on TwoFactorChallenge { methods } }';
    const { result } = await harness.client().mutate('login', { identifier: ada.name, password }, fields);
    expect(result['methods']).toEqual(['TOTP']);
  });
});

describe('switching off', () => {
  const ways: [string, (ada: Awaited<ReturnType<typeof equip>>) => string][] = [
    ['a code', (ada) => nextCode(harness, ada.secret)],
    ['a recovery code', (ada) => String(ada.recoveryCodes[0])],
  ];
  test.each(ways)('takes the password and %s, and leaves nothing', async (name, code) => {
    const ada = await equip(harness, name.replaceAll(' ', '.'));
    const waiting = await challenge(harness.client(), ada.name);
    expect(errorOf(await disable(ada.client, code(ada), 'not the password'))).toBe(
      'INVALID_CREDENTIALS input currentPassword',
    );
    expect(errorOf(await disable(ada.client, wrongCodeFor(harness, ada.secret)))).toBe('INVALID_CODE input code');
    const done = await disable(ada.client, code(ada));
    expect(done).toEqual({ user: { id: ada.client.userId, twoFactorEnabled: false }, errors: [] });
    for (const table of ['two_factors', 'recovery_codes', 'two_factor_challenges'])
      expect([table, await count(table, ada.client.userId)]).toEqual([table, 0]);
    await mailed(ada.name, /no longer/);
    expect((await eventsOf(ada.client.userId)).at(-1)).toBe('TWO_FACTOR_DISABLED');
    expect(errorOf(await complete(harness.client(), waiting, codeOf(harness, ada.secret)))).toBe(
      'INVALID_TOKEN input challengeToken',
    );
    expect((await harness.client().login(ada.name, password))['result']['__typename']).toBe('Authentication');
    expect(errorOf(await disable(ada.client, codeOf(harness, ada.secret, 1)))).toBe('INVALID_INPUT');
    expect(errorOf(await regenerate(ada.client, codeOf(harness, ada.secret, 1)))).toBe('INVALID_INPUT');
  });

  test('and on again makes another secret', async () => {
    const ada = await equip(harness, 'returns.ada');
    await disable(ada.client, nextCode(harness, ada.secret));
    const again = await equip(harness, ada.name, ada.client);
    expect(again.secret).not.toBe(ada.secret);
    expect(errorOf(await signIn(harness.client(), ada, String(ada.recoveryCodes[0])))).toBe('INVALID_CODE input code');
    expect(errorOf(await signIn(harness.client(), ada, nextCode(harness, ada.secret)))).toBe('INVALID_CODE input code');
    expect(errorOf(await signIn(harness.client(), again, nextCode(harness, again.secret)))).toBeUndefined();
  });

  const failing: [
    string,
    (client: Harness['client'] extends () => infer C ? C : never, code: string) => Promise<Json>,
  ][] = [
    ['disable', disable],
    ['regenerate', regenerate],
  ];
  test.each(failing)('a %s that fails half-way leaves everything, the code included', async (name, run) => {
    const ada = await equip(harness, `fails.${name}`);
    await sql().rows(`create function fail_${name}() returns trigger language plpgsql as $$ begin raise 'no'; end $$`);
    await sql().rows(
      `create trigger fail_${name} before delete on recovery_codes for each row execute function fail_${name}()`,
    );
    const [code = ''] = ada.recoveryCodes;
    await expect(run(ada.client, code)).rejects.toThrow(/INTERNAL_SERVER_ERROR/);
    await sql().rows(`drop function fail_${name}() cascade`);
    expect(await count('recovery_codes', ada.client.userId, 'used_at is null')).toBe(10);
    expect(await count('two_factors', ada.client.userId)).toBe(1);
    expect(await eventsOf(ada.client.userId)).toEqual(['TWO_FACTOR_ENABLED']);
    expect(errorOf(await run(ada.client, code))).toBeUndefined();
  });
});

test('a sign-in that fails half-way leaves challenge and code', async () => {
  const ada = await equip(harness, 'stumbles.ada');
  const token = await challenge(harness.client(), ada.name);
  await sql().rows(`create function fail_session() returns trigger language plpgsql as $$ begin raise 'no'; end $$`);
  await sql().rows(
    'create trigger fail_session before insert on sessions for each row execute function fail_session()',
  );
  const code = nextCode(harness, ada.secret);
  await expect(complete(harness.client(), token, code)).rejects.toThrow(/INTERNAL_SERVER_ERROR/);
  await sql().rows('drop function fail_session() cascade');
  expect(errorOf(await complete(harness.client(), token, code))).toBeUndefined();
});

test('what has run out is swept, and nothing else', async () => {
  const ada = await equip(harness, 'sweeps.ada');
  const bea = await harness.person('sweeps.bea');
  await begin(bea);
  await challenge(harness.client(), ada.name);
  await signIn(harness.client(), ada, wrongCodeFor(harness, ada.secret));
  const left = async () => [
    await count('two_factor_challenges', ada.client.userId),
    await count('two_factors', bea.userId),
    await count('attempts', ada.client.userId),
    await count('two_factors', ada.client.userId),
  ];
  await sweep(harness.app.services);
  expect(await left()).toEqual([2, 1, 1, 1]);
  harness.clock.advance(minutes(31));
  await sweep(harness.app.services);
  expect(await left()).toEqual([0, 0, 0, 1]);
});
