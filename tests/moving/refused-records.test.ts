import { beforeAll, describe, expect, test } from '@jest/globals';
import { Harness } from '../support/harness.js';
import { codesOf, jsonLinesOf, someone, take } from '../support/moving.js';

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start();
  await harness.person('ada');
});
const rows = <Row>(text: string, values: unknown[] = []) =>
  harness.app.services.database.sql.rows<Row>(text, values as never);
const count = async () => (await rows<{ count: string }>('select count(*) from users'))[0]?.count;

const seed = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const [cyrillicA, rightToLeft] = ['\u0430', '\u202e'];

// biome-ignore format: a table is read by its columns
const refused: [what: string, record: object | string, code: string][] = [
  ['not JSON', '{"username":', 'MALFORMED'],
  ['a list', '[]', 'MALFORMED'],
  ['null', 'null', 'MALFORMED'],
  ['no address', '{"username":"nobody1"}', 'MALFORMED'],
  ['a field that is unknown', someone({ emial: 'x' }), 'MALFORMED'],
  ['a flag that is a text', someone({ active: 'yes' }), 'MALFORMED'],
  ['a name that is a number', { username: 7, email: 'seven@example.com' }, 'MALFORMED'],
  ['an instant that is none', someone({ createdAt: '2024-02-30T00:00:00Z' }), 'MALFORMED'],
  ['the year 0', someone({ createdAt: '0000-01-01T00:00:00Z' }), 'MALFORMED'],
  ['a prototype', '{"username":"proto","email":"proto@example.com","__proto__":{"admin":true}}', 'MALFORMED'],
  ['a taken name', { username: 'ada', email: 'other@example.com' }, 'USERNAME_TAKEN'],
  ['a name in other letters', { username: 'ＡＤＡ', email: 'other@example.com' }, 'USERNAME_TAKEN'],
  ['a taken address', { username: 'other', email: 'ADA@EXAMPLE.COM' }, 'EMAIL_TAKEN'],
  ['markup', { username: '<script>', email: 'script@example.com' }, 'INVALID_INPUT'],
  ['a control character', { username: 'nul\u0000', email: 'nul@example.com' }, 'INVALID_INPUT'],
  ['two scripts in a word', { username: `p${cyrillicA}ypal`, email: 'paypal@example.com' }, 'INVALID_INPUT'],
  ['a name that is too long', { username: 'x'.repeat(10_000), email: 'long@example.com' }, 'INVALID_INPUT'],
  ['no e-mail address', { username: 'noaddress', email: 'no address' }, 'INVALID_INPUT'],
  ['a biography that is too long', someone({ bio: 'x'.repeat(10_000) }), 'INVALID_INPUT'],
  ['a hidden character in a name', someone({ firstName: `Ada${rightToLeft}` }), 'INVALID_INPUT'],
  ['a script as a website', someone({ website: 'javascript:alert(1)' }), 'INVALID_INPUT'],
  ['a time zone that is none', someone({ timezone: 'Mars/Olympus' }), 'INVALID_INPUT'],
  ['an unknown role', someone({ roles: ['nothing'] }), 'UNKNOWN_ROLE'],
  ['a grant of an unknown role', someone({ grants: [{ roleId: crypto.randomUUID() }] }), 'UNKNOWN_ROLE'],
  ['a hash in plain text', someone({ passwordHash: 'hunter2' }), 'UNUSABLE_HASH'],
  ['a hash that costs too much', someone({ passwordHash: `pbkdf2:sha256:9999999$salt$${'ab'.repeat(32)}` }), 'UNUSABLE_HASH'],
  ['a seed that is short', someone({ twoFactor: { secret: 'JBSWY3DPEHPK3PXP' } }), 'UNUSABLE_SECOND_FACTOR'],
  ['a seed that is no Base32', someone({ twoFactor: { secret: `${seed}1` } }), 'UNUSABLE_SECOND_FACTOR'],
  ['a seed that is huge', someone({ twoFactor: { secret: seed.repeat(100) } }), 'UNUSABLE_SECOND_FACTOR'],
  ['a recovery code in plain text', someone({ twoFactor: { secret: seed, recoveryCodes: [{ hash: 'ABCDEF' }] } }), 'UNUSABLE_SECOND_FACTOR'],
  ['an administrator', someone({ admin: true }), 'ADMINISTRATOR'],
  ['the role of administrators alone', someone({ roles: ['Admin'] }), 'INVALID_INPUT'],
  ['a state that is not the present one', someone({ states: [{ since: '2024-01-01T00:00:00Z', email: 'x@example.com', active: true, admin: false }] }), 'INVALID_INPUT'],
];

test.each(refused)('%s is refused alone, and nothing of it stays', async (_what, record, code) => {
  const [before, after] = [someone(), someone()];
  const before2 = await count();
  const line = typeof record === 'string' ? record : JSON.stringify(record);
  const text = `${JSON.stringify(before)}\n${line}\n${JSON.stringify(after)}`;
  const rehearsed = await take(harness, text, { isDry: true });
  expect(await count()).toBe(before2);
  const taken = await take(harness, text);
  expect(codesOf(taken)).toEqual([[2, code]]);
  expect(rehearsed).toMatchObject({ imported: 2, refused: 1, report: taken.report });
  expect(taken.imported).toBe(2);
  expect(Number(await count())).toBe(Number(before2) + 2);
  // Neither the report nor the log quotes what may be a secret.
  const told = `${JSON.stringify(taken.report)}${harness.logged.join('')}`;
  for (const secret of ['hunter2', seed, 'ABCDEF', 'abababab']) expect(told).not.toContain(secret);
});

describe('within a file', () => {
  test('the second of two alike is refused, in one batch or in two, and in a rehearsal too', async () => {
    const many = Array.from({ length: 1100 }, () => someone());
    const [first] = many;
    const id = crypto.randomUUID();
    const text = jsonLinesOf(
      ...many.slice(0, 10),
      { ...someone(), username: first?.username.toUpperCase() },
      ...many.slice(10),
      { ...someone(), email: first?.email },
      { ...someone(), id },
      { ...someone(), id: id.toUpperCase() },
    );
    const expected = [
      [11, 'USERNAME_TAKEN'],
      [1102, 'EMAIL_TAKEN'],
      [1104, 'ID_TAKEN'],
    ];
    expect(codesOf(await take(harness, text, { isDry: true }))).toEqual(expected);
    const taken = await take(harness, text);
    expect(codesOf(taken)).toEqual(expected);
    expect(taken).toMatchObject({ imported: 1101, refused: 3 });
  });

  test('a byte order mark, CRLF, empty lines and a last line without end are no matter', async () => {
    const [one, two] = [someone(), someone()];
    const taken = await take(harness, `\uFEFF${JSON.stringify(one)}\r\n\r\n  \n${JSON.stringify(two)}`);
    expect(taken).toMatchObject({ imported: 2, refused: 0 });
    expect(await take(harness, '')).toMatchObject({ imported: 0, refused: 0 });
  });

  test('a line of many megabytes and one that is not UTF-8 are refused alone', async () => {
    const huge = `{"username":"huge","email":"huge@example.com","bio":"${'x'.repeat(5_000_000)}"}`;
    const text = Buffer.concat([
      Buffer.from(`${JSON.stringify(someone())}\n${huge}\n`),
      Buffer.from([0x7b, 0xff, 0xfe, 0x7d, 0x0a]),
      Buffer.from(JSON.stringify(someone())),
    ]);
    const taken = await take(harness, text);
    expect(codesOf(taken)).toEqual([
      [2, 'LINE_TOO_LONG'],
      [3, 'MALFORMED'],
    ]);
    expect(taken.imported).toBe(2);
  });

  test('a truncated last line is refused', async () => {
    const whole = jsonLinesOf(someone(), someone());
    expect(codesOf(await take(harness, whole.slice(0, -20)))).toEqual([[2, 'MALFORMED']]);
  });
});

test("somebody's id is not taken over", async () => {
  const [ada] = await rows<{ id: string; email: string }>(`select id, email from users where username = 'ada'`);
  const taken = await take(harness, jsonLinesOf({ ...someone(), id: ada?.id, passwordHash: null }));
  expect(codesOf(taken)).toEqual([[1, 'ID_TAKEN']]);
  expect(await rows(`select id, email from users where username = 'ada'`)).toEqual([ada]);
});

test('an address that its former owner can still take back is refused', async () => {
  const client = await harness.person('moved');
  await client.mutate(
    'requestEmailChange',
    { newEmail: 'moved.on@example.com', currentPassword: 'a long enough passphrase' },
    'email',
  );
  const token = await harness.mailbox.tokenTo('moved.on@example.com');
  await harness.client().mutate('confirmEmailChange', { token }, 'user { id }');
  const taken = await take(harness, jsonLinesOf({ ...someone(), email: 'moved@example.com' }));
  expect(codesOf(taken)).toEqual([[1, 'EMAIL_TAKEN']]);
});

describe('CSV', () => {
  test('is read by its header, with quotes, line breaks and flags', async () => {
    const text = [
      '\uFEFFid,username,email,verified,active,firstName,bio,roles,totpSecret',
      `17,csv.one,csv.one@example.com,true,no,"Ada, ""the"" first","two\nlines",user,${seed}`,
      'x,csv.two,csv.two@example.com,,1,,,,',
      'y,csv.three,too,many,columns,1,2,3,4,5,6,7',
      'z,csv.four,csv.four@example.com,maybe,,,,,',
    ].join('\r\n');
    const taken = await take(harness, text, { format: 'csv' });
    expect(taken.report.map(({ code }) => code)).toEqual(['MALFORMED', 'MALFORMED']);
    expect(taken.imported).toBe(2);
    const found = await rows(
      `select u.first_name as name, u.bio, u.is_active as active, f.user_id is not null as "hasFactor"
       from users u left join two_factors f on f.user_id = u.id where u.username like 'csv.%' order by u.username`,
    );
    expect(found).toEqual([
      { name: 'Ada, "the" first', bio: 'two\nlines', active: false, hasFactor: true },
      { name: null, bio: null, active: true, hasFactor: false },
    ]);
  });

  test('a quote that is never closed ends the reading, and is reported', async () => {
    const text = `username,email\nopen.one,open.one@example.com\n"open.two,open.two@example.com\n${'x\n'.repeat(2_000_000)}`;
    const taken = await take(harness, text, { format: 'csv' });
    expect(taken.imported).toBe(1);
    expect(taken.report.length).toBeGreaterThan(0);
  });
});
