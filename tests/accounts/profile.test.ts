import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Client, Json } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';

let harness: Harness;
let admin: Client;
let ada: Client;
beforeAll(async () => {
  harness = await Harness.start();
  [admin, ada] = [await harness.admin(), await harness.person('ada')];
});

const fields =
  'firstName lastName fullName avatarUrl bio location website timezone language emailNotifications username email';
const update = (input: Record<string, unknown>, client = ada): Promise<Json> =>
  client.mutate('updateProfile', input, `user { ${fields} }`);
const updatesOf = async (client: Client) =>
  (
    await harness.app.services.database.sql.rows<{ details: object }>(
      "select details from every_event where type = 'USER_UPDATED' and subject_id = $1 order by position",
      [client.userId ?? ''],
    )
  ).map(({ details }) => details);

const long = 'x'.repeat(100_000);
const path = 'p'.repeat(2048 - 'https://a.example/'.length);

/** Invisible or misleading characters; none is allowed on one line. */
const hostile = {
  'a control character': 'a\u0007b',
  'a line break': 'a\nb',
  'a line separator': 'a\u2028b',
  'right-to-left override': 'a\u202egnp.exe',
  'a bidi isolate': 'a\u2066b\u2069',
  'a right-to-left mark': 'a\u200fb',
  'zero width': 'a\u200bb',
  'a byte order mark inside': 'a\ufeffb',
  'a soft hyphen': 'a\u00adb',
  'a Hangul filler': '\u3164',
  'a joiner alone': '\u200d',
  'joiners in a row': 'a\u200d\u200db',
  'selectors in a row': 'a\ufe0f\ufe0e\ufe0f',
  'a hidden tag': 'a\u{e0041}\u{e0042}',
  '10^5 characters': long,
};

const good: [field: string, given: string, kept: string][] = [
  ['firstName', ' Ada ', 'Ada'],
  ['firstName', 'Zoe\u0308', 'Zo\u00eb'],
  ['firstName', "D'Arcy-O’Neill Jr.", "D'Arcy-O’Neill Jr."],
  ['firstName', 'می\u200cنا', 'می\u200cنا'],
  ['firstName', '葛\u{e0100}城', '葛\u{e0100}城'],
  ['lastName', '👩🏽‍🚒 ❤️‍🔥', '👩🏽‍🚒 ❤️‍🔥'],
  ['lastName', '𝒳'.repeat(100), '𝒳'.repeat(100)],
  ['bio', 'one\r\ntwo\rthree\n\nfour', 'one\ntwo\nthree\n\nfour'],
  ['bio', '<script>alert(1)</script>', '<script>alert(1)</script>'],
  ['bio', '𝒳'.repeat(1000), '𝒳'.repeat(1000)],
  ['location', 'São Paulo', 'São Paulo'],
  ['website', 'http://example.com', 'http://example.com'],
  ['website', ' HTTPS://Example.com/a?b=c@d#e ', 'HTTPS://Example.com/a?b=c@d#e'],
  ['website', 'https://bücher.example/ü', 'https://bücher.example/ü'],
  ['website', 'http://[2001:db8::1]:8080/', 'http://[2001:db8::1]:8080/'],
  ['website', `https://a.example/${path}`, `https://a.example/${path}`],
  ['avatarUrl', 'https://example.com/me.png', 'https://example.com/me.png'],
  ['timezone', 'europe/berlin', 'Europe/Berlin'],
  ['timezone', 'Asia/Kolkata', 'Asia/Kolkata'],
  ['timezone', 'ASIA/CALCUTTA', 'Asia/Calcutta'],
  ['timezone', 'Europe/Kiev', 'Europe/Kiev'],
  ['timezone', 'europe/kyiv', 'Europe/Kyiv'],
  ['timezone', 'utc', 'UTC'],
  ['timezone', 'etc/utc', 'Etc/UTC'],
  ['timezone', 'etc/gmt+5', 'Etc/GMT+5'],
  ['timezone', 'america/port-au-prince', 'America/Port-au-Prince'],
  ['timezone', 'AFRICA/DAR_ES_SALAAM', 'Africa/Dar_es_Salaam'],
  ['timezone', 'europe/isle_of_man', 'Europe/Isle_of_Man'],
  ['timezone', 'antarctica/dumontdurville', 'Antarctica/DumontDUrville'],
  ['timezone', 'america/argentina/comodrivadavia', 'America/Argentina/ComodRivadavia'],
  ['timezone', 'us/east-indiana', 'US/East-Indiana'],
  ['timezone', 'brazil/denoronha', 'Brazil/DeNoronha'],
  ['language', 'EN', 'en'],
  ['language', 'pt-br', 'pt-BR'],
  ['language', 'zh-hANT-tw', 'zh-Hant-TW'],
  ['language', 'es-419', 'es-419'],
  ['language', 'iw', 'he'],
  ['language', 'ca-valencia', 'ca-valencia'],
  ['language', 'gsw', 'gsw'],
];

const notOnALine = Object.values(hostile);
const bad: Record<string, string[]> = {
  firstName: [...notOnALine, 'x'.repeat(101), '𝒳'.repeat(101)],
  lastName: [...notOnALine, 'x'.repeat(101)],
  location: [...notOnALine, 'x'.repeat(101)],
  bio: [...notOnALine.filter((text) => text !== hostile['a line break']), 'x'.repeat(1001), 'a\tb'],
  website: [
    ...notOnALine.map((text) => `https://example.com/${text}`),
    'example.com',
    '//example.com',
    '/path',
    'https:example.com',
    'https:///example.com',
    'https:\\\\example.com',
    'https://good.example\\@evil.example',
    'https://user:secret@example.com',
    'https://user@example.com',
    'https://@example.com',
    'https://:@example.com',
    'javascript:alert(1)',
    'JaVaScRiPt://example.com/%0aalert(1)',
    'data:text/html,x',
    'ftp://example.com',
    'file:///etc/passwd',
    'https://',
    'https://exa mple.com',
    'https://example.com/a b',
    'https://example.com:99999',
    'https://[::1',
    'https://example.com/"onload="x',
    'https://exam\u00adple.com',
    `https://a.example/${path}x`,
    `https://a.example/${'ü'.repeat(1000)}`,
  ],
  avatarUrl: ['http://example.com/me.png', 'data:image/png;base64,AAAA', 'https://u:p@example.com/me.png', long],
  timezone: [
    '+01:00',
    '-0500',
    '+01',
    'UTC+1',
    'GMT+1',
    'Mars/Olympus',
    'Europe',
    'Europe/',
    'Europe/Berlin/Mitte',
    'Europe/../UTC',
    'PST',
    'IST',
    'CTT',
    'SystemV/PST8PDT',
    'Factory',
    'localtime',
    'posix/Europe/Berlin',
    'Etc/Unknown',
    'Europe/Berlin\u200b',
    'Europe/ Berlin',
    long,
  ],
  language: [
    'xx',
    'english',
    'en_US',
    'en-XX',
    'en-ZZ',
    'en-Abcd',
    'en-Zzzz',
    'und',
    'mul',
    'zxx',
    'root',
    'x-private',
    'en-x-private',
    'en-u-ca-buddhist',
    'en-nonsense',
    'e',
    'en-',
    '-',
    '12',
    'en\u200b',
    long,
  ],
};

test.each(good)('%s takes %j', async (field, given, kept) => {
  const { user, errors } = await update({ [field]: given });
  expect(errors).toEqual([]);
  expect(user?.[field]).toBe(kept);
});

const refused = Object.entries(bad).flatMap(([field, texts]) =>
  texts.map((text) => [field, JSON.stringify(text).slice(0, 60), text] as const),
);

describe('INVALID_INPUT names the field, and nothing is changed', () => {
  test.each(refused)('%s is not %s', async (field, _shown, text) => {
    await update({ firstName: 'Ada', bio: 'kept' });
    const { user, errors } = await update({ firstName: 'Changed', bio: 'changed', [field]: text });
    expect(errors).toEqual([{ code: 'INVALID_INPUT', field: ['input', field] }]);
    expect(user).toBeNull();
    expect((await update({}))['user']).toMatchObject({ firstName: 'Ada', bio: 'kept' });
  });

  test('each field at fault is named', async () => {
    const { errors } = await update({ website: 'x', timezone: 'x', language: 'x', location: '\u202e' });
    const named = (errors as unknown as { field: string[] }[]).map(({ field }) => field[1]);
    expect(named.sort()).toEqual(['language', 'location', 'timezone', 'website']);
  });

  test('half a character does not come as far', async () => {
    const query = 'mutation ($t: String) { updateProfile(input: { bio: $t }) { errors { code } } }';
    expect((await ada.ask(query, { t: 'a\ud800' })).codes).toEqual(['BAD_USER_INPUT']);
  });
});

test('the same is asked of names at registration and of createUser', async () => {
  for (const firstName of [...notOnALine, 'x'.repeat(101)]) {
    const input = { username: 'nobody', email: 'nobody@example.com', password: 'a long enough passphrase', firstName };
    const expected = [{ code: 'INVALID_INPUT', field: ['input', 'firstName'] }];
    expect((await harness.client().mutate('register', input, 'email'))['errors']).toEqual(expected);
    expect((await admin.mutate('createUser', input, 'user { id }'))['errors']).toEqual(expected);
  }
});

test.each(['a\u034fda', 'ad\ufe0fa', '\u3164\u3164\u3164', 'a\u115fda'])(
  'no username hides a letter: %j',
  async (username) => {
    const input = { username, email: 'hidden@example.com', password: 'a long enough passphrase' };
    const { errors } = await harness.client().mutate('register', input, 'email');
    expect(errors).toEqual([{ code: 'INVALID_INPUT', field: ['input', 'username'] }]);
  },
);

test('what is left out stays, null and empty clear, and null is no answer to a yes or no', async () => {
  const eve = await harness.person('eve');
  const everything = {
    firstName: 'Eve',
    lastName: 'Adams',
    bio: 'b',
    location: 'l',
    website: 'https://example.com/',
    timezone: 'UTC',
    language: 'en',
    emailNotifications: false,
  };
  const set = (await update({ ...everything, avatarUrl: 'https://example.com/e.png' }, eve))['user'];
  expect(set).toMatchObject({ ...everything, fullName: 'Eve Adams', avatarUrl: 'https://example.com/e.png' });
  expect((await update({}, eve))['user']).toEqual(set);
  const cleared = Object.fromEntries(Object.keys(everything).map((field) => [field, null]));
  expect((await update({ ...cleared, location: '  ' }, eve))['user']).toMatchObject({
    ...cleared,
    emailNotifications: false,
    avatarUrl: 'https://example.com/e.png',
    fullName: 'eve',
  });
  expect((await update({ avatarUrl: null, emailNotifications: true }, eve))['user']).toMatchObject({
    avatarUrl: expect.stringMatching(/^https:\/\/www\.gravatar\.com\/avatar\/[0-9a-f]{64}\?d=identicon&s=128$/),
    emailNotifications: true,
  });
  const { data } = await eve.ask(`{ viewer { ${fields} } }`);
  expect(data['viewer']).toMatchObject({ ...cleared, emailNotifications: true });
});

test('the event tells the old and the new values, and without a change there is none', async () => {
  const iris = await harness.person('iris');
  await update({ firstName: 'Iris', timezone: 'europe/berlin', bio: null }, iris);
  await update({ firstName: ' Iris ', timezone: 'Europe/Berlin', language: null, emailNotifications: true }, iris);
  await update({ timezone: 'not one' }, iris);
  await update({ emailNotifications: false, firstName: null }, iris);
  expect(await updatesOf(iris)).toEqual([
    {
      fields: ['firstName', 'timezone'],
      changes: { firstName: { from: null, to: 'Iris' }, timezone: { from: null, to: 'Europe/Berlin' } },
    },
    {
      fields: ['firstName', 'emailNotifications'],
      changes: { firstName: { from: 'Iris', to: null }, emailNotifications: { from: true, to: false } },
    },
  ]);
});

test('twenty changes at once leave the last one, each on record', async () => {
  const kim = await harness.person('kim');
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => update({ location: `place ${i}` }, kim)));
  expect(answers.flatMap(({ errors }) => errors)).toEqual([]);
  expect(await updatesOf(kim)).toHaveLength(20);
});

test.each([
  [1, 1],
  [2048, 2048],
  [0, 1],
  [-5, 1],
  [2 ** 31 - 1, 2048],
  [null, 128],
])('a picture of size %p is asked for as %p', async (size, asked) => {
  await update({ avatarUrl: null });
  const { data } = await ada.ask('query ($size: Int) { viewer { avatarUrl(size: $size) } }', { size });
  expect(String(data['viewer']?.['avatarUrl'])).toMatch(new RegExp(`[?&]s=${asked}$`));
});

test('a notice is mailed only to those who want it, and until when the role is held', async () => {
  const [wants, declines] = [await harness.person('wanda'), await harness.person('dan')];
  await update({ emailNotifications: false }, declines);
  const roleId = (await admin.mutate('createRole', { name: 'Reader', level: 3 }, 'role { id }'))['role']?.['id'];
  const expiresAt = '2099-05-06T07:08:00.000Z';
  for (const { userId } of [declines, wants, wants])
    await admin.mutate('grantRole', { userId, roleId, expiresAt }, 'grant { id }');
  const email = 'maker@example.com';
  const made = { username: 'maker', email, password: 'a long enough passphrase', roleIds: [roleId] };
  const maker = (await admin.mutate('createUser', made, 'user { id }'))['user']?.['id'];
  const { text } = await harness.mailbox.mailTo('wanda@example.com', 2);
  expect(text).toContain('Reader');
  expect(text).toContain('2099-05-06 07:08');
  // Security notices are sent regardless. They are sent after the other mail, so nothing is still queued.
  for (const [userId, address] of [
    [declines.userId, 'dan'],
    [maker, 'maker'],
  ])
    await admin.mutate('updateUser', { userId, email: `${address}@elsewhere.example` }, 'user { id }');
  await harness.mailbox.mailTo(email);
  await harness.mailbox.mailTo('dan@example.com', 2);
  const sql = harness.app.services.database.sql;
  await eventually(async () => (await sql.rows(`select 1 from jobs where task = 'mail'`)).length === 0);
  const count = (address: string) => harness.mailbox.mails.filter(({ to }) => to === address).length;
  expect(['wanda@example.com', 'dan@example.com', email].map(count)).toEqual([2, 2, 1]);
});
