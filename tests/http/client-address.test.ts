import { afterEach, expect, test } from '@jest/globals';
import { Harness } from '../support/harness.js';
import { overHttp } from '../support/transports.js';

let harness: Harness;
let count = 0;
afterEach(() => harness.close());

/** Attempts to sign in to a new account, so that only the limit per address applies. */
async function attemptFrom(forwarded: string): Promise<string | undefined> {
  count += 1;
  const query = `mutation { login(input: { identifier: "user${count}", password: "wrong" }) { errors { code } } }`;
  return (await overHttp(harness.app.url, { query }, { 'x-forwarded-for': forwarded })).codes[0];
}

async function attemptsFrom(...addresses: string[]): Promise<(string | undefined)[]> {
  const codes = [];
  for (const address of addresses) codes.push(await attemptFrom(address));
  return codes;
}
const limited = 'RATE_LIMITED';

test('nobody is believed about the address unless named as a proxy', async () => {
  harness = await Harness.start({ RATE_LIMIT_LOGIN: '2/10m' });
  expect(await attemptsFrom('198.51.100.1', '198.51.100.2', '198.51.100.3')).toEqual([undefined, undefined, limited]);
});

test('a proxy that is not the peer is not believed either', async () => {
  harness = await Harness.start({ RATE_LIMIT_LOGIN: '2/10m', TRUSTED_PROXIES: '10.0.0.0/8' });
  expect(await attemptsFrom('198.51.100.1', '198.51.100.2', '198.51.100.3')).toEqual([undefined, undefined, limited]);
});

test('a trusted proxy opens a budget for each client', async () => {
  harness = await Harness.start({ RATE_LIMIT_LOGIN: '1/10m', TRUSTED_PROXIES: '127.0.0.1' });
  expect(await attemptsFrom('198.51.100.1', '198.51.100.2', '198.51.100.1')).toEqual([undefined, undefined, limited]);
});

test('what the client itself put before the proxy is not believed', async () => {
  harness = await Harness.start({ RATE_LIMIT_LOGIN: '1/10m', TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8' });
  const spoofed = ['1.1.1.1, 198.51.100.1', '2.2.2.2, 198.51.100.1', '3.3.3.3, 198.51.100.1, 10.0.0.9'];
  expect(await attemptsFrom(...spoofed)).toEqual([undefined, limited, limited]);
});

test('IPv6 counts by /64, and IPv4 in IPv6 is IPv4', async () => {
  harness = await Harness.start({ RATE_LIMIT_LOGIN: '1/10m', TRUSTED_PROXIES: '127.0.0.1' });
  expect(await attemptsFrom('2001:db8::1', '2001:DB8:0:0:ffff::2', '2001:db8:0:1::1')).toEqual([
    undefined,
    limited,
    undefined,
  ]);
  expect(await attemptsFrom('::ffff:192.0.2.1', '192.0.2.1', '::ffff:c000:201')).toEqual([undefined, limited, limited]);
});

test('a port that the proxy forwards belongs to no address', async () => {
  harness = await Harness.start({ RATE_LIMIT_LOGIN: '1/10m', TRUSTED_PROXIES: '127.0.0.1' });
  const ported = ['198.51.100.9', '198.51.100.9:443', '198.51.100.9:1024', '[2001:db8:5::1]:443', '2001:db8:5::1'];
  expect(await attemptsFrom(...ported)).toEqual([undefined, limited, limited, undefined, limited]);
});

test('what is no address neither fails nor opens a budget of its own', async () => {
  harness = await Harness.start({ RATE_LIMIT_LOGIN: '1/10m', TRUSTED_PROXIES: '127.0.0.1' });
  const nonsense = ['nonsense', "' or 1=1", '999.1.1.1', ', ,'];
  const codes = await attemptsFrom(...nonsense);
  expect(codes.filter((code) => code !== undefined && code !== limited)).toEqual([]);
  expect(codes.filter((code) => code === undefined).length).toBeLessThanOrEqual(2);
});

test('sessions and events carry the address the proxy tells', async () => {
  harness = await Harness.start({ TRUSTED_PROXIES: '127.0.0.1' });
  const person = harness.client({ 'x-forwarded-for': '198.51.100.77' });
  await person.login('root.admin', 'a long enough passphrase');
  expect((await person.ask('{ viewerSession { ipAddress } }')).data['viewerSession']?.['ipAddress']).toBe(
    '198.51.100.77',
  );
});
