import { beforeAll, describe, expect, test } from '@jest/globals';
import type { App } from '../../src/app.js';
import { type Clock, seconds, systemClock } from '../../src/clock.js';
import { DatabaseClock } from '../../src/database/database-clock.js';
import { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';

const skew = seconds(15);
const hostAhead = (milliseconds: number): Clock => ({
  now: () => new Date(systemClock.now().getTime() + milliseconds),
});

let harness: Harness;
let fast: App;
let slow: App;
beforeAll(async () => {
  harness = await Harness.start();
  [fast, slow] = await Promise.all([
    harness.another({}, { hostClock: hostAhead(skew) }),
    harness.another({}, { hostClock: hostAhead(-skew) }),
  ]);
});

const orders = [
  ['ahead', 'behind', (): [App, App] => [fast, slow]],
  ['behind', 'ahead', (): [App, App] => [slow, fast]],
] as const;

const refresh = (app: App, refreshToken: string) =>
  new Client(app.url).mutate('refreshSession', { refreshToken }, 'authentication { accessToken refreshToken }');

describe.each(orders)('one host 15 s %s, the other 15 s %s', (_one, _other, apps) => {
  test('a refresh that is sent again to the other is answered with the same successor', async () => {
    const [one, other] = apps();
    const client = new Client(one.url);
    await client.login('root.admin', password);
    const first = await refresh(one, String(client.refreshToken));
    const again = await refresh(other, String(client.refreshToken));
    expect([first['errors'], again['errors']]).toEqual([[], []]);
    expect(again['authentication']?.['refreshToken']).toBe(first['authentication']?.['refreshToken']);
  });

  test('what one has made holds at the other at once: tokens, sessions, links and grants', async () => {
    const [one, other] = apps();
    const name = `person.${_one}`;
    const there = new Client(other.url);
    await new Client(one.url).mutate('register', { username: name, email: `${name}@example.com`, password }, 'email');
    await there.mutate('verifyEmail', { token: await harness.mailbox.tokenTo(`${name}@example.com`) }, 'user { id }');
    const here = new Client(one.url);
    await here.login(name, password);
    there.token = here.token;
    const { codes, data } = await there.ask('{ viewer { roles { name } sessions { isCurrent } } }');
    expect([codes, data]).toEqual([[], { viewer: { roles: [{ name: 'user' }], sessions: [{ isCurrent: true }] } }]);
  });
});

test('both tell the time of the database, to a round trip', async () => {
  const { sql } = harness.app.services.database;
  for (const app of [fast, slow]) {
    const before = app.services.clock.now();
    const row = await sql.row<{ now: Date }>('select clock_timestamp() as now');
    const after = app.services.clock.now();
    const tolerance = seconds(1);
    expect(Number(row?.now)).toBeGreaterThan(before.getTime() - tolerance);
    expect(Number(row?.now)).toBeLessThan(after.getTime() + tolerance);
  }
});

test("a host's clock that is put back or forward is followed with the next heartbeat", async () => {
  let ahead = 0;
  const app = await harness.another({}, { hostClock: { now: () => hostAhead(ahead).now() } });
  const error = () => Math.abs(app.services.clock.now().getTime() - Date.now());
  for (ahead of [skew, -skew, 0]) {
    expect(error()).toBeGreaterThan(seconds(10));
    await eventually(() => error() < seconds(1));
  }
});

describe('the correction', () => {
  /** A host with a settable clock, and a database whose answer takes time on that clock. */
  function hostAt(instant: number) {
    const host = { instant, now: () => new Date(host.instant) };
    const clock = new DatabaseClock(host);
    const measure = (took: number, answer: number) =>
      clock.measure(async () => {
        host.instant += took;
        return answer;
      });
    return { clock, measure };
  }

  test('stays where answers do not contradict it, however slow they are', async () => {
    const { clock, measure } = hostAt(1_000_000);
    await measure(10, 1_000_005);
    expect(clock.ahead).toBe(0);
    await measure(60_000, 1_030_000);
    expect(clock.ahead).toBe(0);
  });

  test('moves as far as an answer proves it wrong, and no further', async () => {
    const { clock, measure } = hostAt(1_000_000);
    await measure(10, 1_015_005);
    expect(clock.ahead).toBeGreaterThanOrEqual(15_000 - 10);
    expect(clock.ahead).toBeLessThanOrEqual(15_000 + 10);
    const before = clock.ahead;
    await measure(5000, 1_018_000);
    expect(clock.ahead).toBe(before);
    await measure(10, 1_005_015);
    expect(Math.abs(clock.ahead)).toBeLessThan(20);
  });

  test('is kept when the database does not answer', async () => {
    const { clock, measure } = hostAt(1_000_000);
    await measure(0, 1_015_000);
    const before = clock.ahead;
    await expect(clock.measure(() => Promise.reject(new Error('away')))).rejects.toThrow();
    expect(clock.ahead).toBe(before);
  });
});
