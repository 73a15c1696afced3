import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { json } from 'node:stream/consumers';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Client } from '../support/client.js';
import { Harness } from '../support/harness.js';
import { inConnection, inHeader, verdict } from '../support/presenting.js';
import { outcomeOf } from '../support/transports.js';

let harness: Harness;
let person: Client;
beforeAll(async () => {
  harness = await Harness.start();
  person = await harness.person('holder');
});

const token = () => String(person.token);
const base64 = (text: string) => Buffer.from(text).toString('base64');
const ways = [
  ['HTTP', inHeader],
  ['websocket', inConnection],
] as const;

/** Characters that HTTP clients cannot send: control characters, characters beyond Latin-1, blanks at either end. */
const overSocketsOnly = /[^\x20-\x7e\xa0-\xff\t]|^\s|\s$/;

const malformed: [string, () => string][] = [
  ['a scheme alone', () => 'Bearer'],
  ['a scheme and a blank', () => 'Bearer '],
  ['a token alone', token],
  ['no blank', () => `Bearer${token()}`],
  ['a colon', () => `Bearer: ${token()}`],
  ['an equals sign', () => `Bearer=${token()}`],
  ['a comma', () => `Bearer, ${token()}`],
  ['a tab', () => `Bearer\t${token()}`],
  ['a no-break space', () => `Bearer\u00a0${token()}`],
  ['an encoded blank', () => `Bearer%20${token()}`],
  ['quotes', () => `Bearer "${token()}"`],
  ['angle brackets', () => `Bearer <${token()}>`],
  ['two tokens', () => `Bearer ${token()} ${token()}`],
  ['two tokens and a comma', () => `Bearer ${token()}, ${token()}`],
  ['two credentials', () => `Bearer ${token()}, Basic ${base64('a:b')}`],
  ['the scheme twice', () => `Bearer Bearer ${token()}`],
  ['a word behind', () => `Bearer ${token()} x`],
  ['a comma behind', () => `Bearer ${token()},`],
  ['a semicolon behind', () => `Bearer ${token()};`],
  ['a blank within', () => `Bearer ${token().replace('.', '. ')}`],
  ['a tab within', () => `Bearer ${token().replace('.', '.\t')}`],
  ['a line break within', () => `Bearer ${token().replace('.', '.\n')}`],
  ['a NUL within', () => `Bearer ${token().replace('.', '.\0')}`],
  ['a blank before', () => ` Bearer ${token()}`],
  ['a blank behind', () => `Bearer ${token()} `],
  ['a line break before', () => `\r\nBearer ${token()}`],
  ['a byte order mark', () => `\ufeffBearer ${token()}`],
  ['a look-alike of the scheme', () => `Вearer ${token()}`],
  ['a letter beyond ASCII', () => 'Bearer é'],
  ['null', () => 'Bearer null'],
  ['undefined', () => 'Bearer undefined'],
  ['an object', () => 'Bearer [object Object]'],
  ['JSON', () => `Bearer ${JSON.stringify({ token: token() })}`],
  ['dots', () => 'Bearer ..'],
  ['a very long token', () => `Bearer ${'a'.repeat(8000)}`],
  ['very many blanks', () => `Bearer${' '.repeat(8000)}x`],
  ['very many equals signs', () => `Bearer a${'='.repeat(8000)}!`],
  ['Token', () => `Token ${token()}`],
  ['JWT', () => `JWT ${token()}`],
  ['DPoP', () => `DPoP ${token()}`],
  ['Digest', () => 'Digest username="holder"'],
  ['Negotiate', () => 'Negotiate YII='],
  ['Basic alone', () => 'Basic'],
  ['Basic with a token', () => `Basic ${token()}`],
  ['Basic with a token for a password', () => `Basic ${base64(`holder:${token()}`)}`],
  ['Basic with a token for a name', () => `Basic ${base64(`${token()}:`)}`],
  ['Basic without a colon', () => `Basic ${base64('holder')}`],
  ['Basic with a user’s password', () => `Basic ${base64('holder:a long enough passphrase')}`],
  ['Basic that is no base64', () => 'Basic !!!'],
  ['punctuation', () => ','],
];

describe.each(ways)('over %s', (way, present) => {
  test.each(malformed)('%s is refused', async (_title, authorization) => {
    const text = authorization();
    if (way === 'HTTP' && overSocketsOnly.test(text) && text.trim() !== 'Bearer') return;
    const outcome = await present(harness.app.url, text);
    expect(verdict(outcome)).toBe('UNAUTHENTICATED');
    if (outcome.status) expect(outcome.status).toBeLessThan(500);
  });

  test.each(['Bearer ', 'bearer ', 'BEARER ', 'bEaReR ', 'Bearer   '])(
    'the scheme %j is understood',
    async (scheme) => {
      expect(verdict(await present(harness.app.url, `${scheme}${token()}`))).toBe('signed in');
    },
  );
});

test.each([7, 0, true, false, {}, [], [['Bearer x']], { Bearer: 'x' }])(
  'what is no text is refused on a websocket: %j',
  async (authorization) => {
    expect(verdict(await inConnection(harness.app.url, authorization))).toBe('UNAUTHENTICATED');
  },
);

test.each([
  ['two of them', () => [`Bearer ${token()}`, `Bearer ${token()}`]],
  ['an empty one before it', () => ['', `Bearer ${token()}`]],
  ['nonsense behind it', () => [`Bearer ${token()}`, 'x']],
])('a header sent twice holds no credential: %s', async (_what, values) => {
  const { host } = new URL(harness.app.url);
  const others = ['host', host, 'content-type', 'application/json'];
  const headers = [...others, ...values().flatMap((value) => ['authorization', value])];
  const sent = request(`${harness.app.url}/graphql`, { method: 'POST', headers });
  sent.end(JSON.stringify({ query: '{ viewer { id } }' }));
  const [reply] = (await once(sent, 'response')) as [IncomingMessage];
  expect(verdict(outcomeOf((await json(reply)) as never))).toBe('UNAUTHENTICATED');
});

test('a token in a list is none', async () => {
  expect(verdict(await inConnection(harness.app.url, [`Bearer ${token()}`]))).toBe('UNAUTHENTICATED');
});

test('a bad header never blocks what is public', async () => {
  const client = harness.client({ authorization: 'Bearer x' });
  const answer = await client.ask('mutation { refreshSession(input: { refreshToken: "x" }) { errors { code } } }');
  expect(answer.data['refreshSession']?.['errors']).toEqual([{ code: 'INVALID_TOKEN' }]);
});

test('nothing of this is an error of ours', () => {
  expect(harness.logged.filter((line) => /"level":[56]0/.test(line))).toEqual([]);
});
