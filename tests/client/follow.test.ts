import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import type { GatehouseError } from '../../client/errors.js';
import type { Gatehouse } from '../../client/gatehouse.js';
import { hours } from '../../src/clock.js';
import { closeApps, operation, programOf, signInTo } from '../support/apps.js';
import { allPublished } from '../support/events.js';
import { eventually } from '../support/eventually.js';
import { administrator, Harness, password } from '../support/harness.js';
import { TcpLine } from '../support/tcp-line.js';

let harness: Harness;
let line: TcpLine;
beforeAll(async () => {
  harness = await Harness.start();
  line = await TcpLine.to(harness.app.url);
});
afterAll(async () => {
  await line.close();
  await harness.close();
});
afterEach(closeApps);

const failures = operation<{ securityEvents: { cursor: string; type: string } }, { after?: string }>(`
  subscription ($after: String) { securityEvents(after: $after, filter: { types: [LOGIN_FAILED] }) { cursor type } }`);

/** Follows failed sign-ins through the line. */
function follow(gatehouse: Gatehouse, after?: string) {
  const cursors: string[] = [];
  const stop = new AbortController();
  const ended = (async () => {
    for await (const { securityEvents } of gatehouse.follow(failures, after ? { after } : {}, { signal: stop.signal }))
      cursors.push(securityEvents.cursor);
    return 'ended';
  })().catch((error: GatehouseError) => error.code);
  return { cursors, ended, stop: () => stop.abort() };
}

const fail = () => harness.client().login(administrator.username, 'wrong one');
const failing = async (times: number) => {
  for (let n = 0; n < times; n += 1) {
    await fail();
    await harness.client().login(administrator.username, password);
  }
};

async function following() {
  const program = programOf(harness, { url: `${line.url}/graphql` });
  await signInTo(program.gatehouse, administrator.username);
  const followed = follow(program.gatehouse);
  // The stream has begun once it tells of a failure.
  await eventually(async () => {
    await failing(1);
    return followed.cursors.length > 0;
  });
  return { ...program, ...followed };
}

const stored = async (from: string): Promise<number> => {
  await allPublished(harness);
  const admin = await harness.admin();
  const query =
    'query ($after: String) { securityEvents(first: 100, after: $after, filter: { types: [LOGIN_FAILED] }) { totalCount nodes { cursor } } }';
  return Number((await admin.ask(query, { after: from })).data['securityEvents']?.['nodes']?.['length']);
};

test('after each break it goes on behind the last event: nothing is lost, nothing comes twice', async () => {
  const { cursors, stop, ended } = await following();
  const [first = ''] = cursors;
  for (let round = 0; round < 4; round += 1) {
    line.cut();
    await failing(3);
    line.mend();
    await failing(2);
  }
  const expected = (await stored(first)) + 1;
  await eventually(() => cursors.length >= expected, 60_000);
  expect([cursors.length, new Set(cursors).size]).toEqual([expected, expected]);
  stop();
  expect(await ended).toBe('ended');
}, 120_000);

test('a token that expires under way is renewed, and the stream goes on without a gap', async () => {
  const { cursors, sent, stop } = await following();
  const [first = ''] = cursors;
  harness.clock.advance(hours(2));
  await failing(3);
  const expected = (await stored(first)) + 1;
  await eventually(() => cursors.length >= expected, 60_000);
  expect([cursors.length, new Set(cursors).size]).toEqual([expected, expected]);
  expect(sent.filter((name) => name === 'RefreshSession')).toHaveLength(1);
  stop();
}, 120_000);

test('the end of the session ends the stream without an error, and the state says so', async () => {
  const { gatehouse, ended } = await following();
  if (gatehouse.state.status !== 'signedIn') throw new Error('signed out');
  const admin = await harness.admin();
  await admin.mutate('revokeSession', { sessionId: gatehouse.state.sessionId }, 'session { id }');
  expect(await ended).toBe('ended');
  expect(gatehouse.state).toEqual({ status: 'signedOut' });
});

test('what the service refuses is an error with its code', async () => {
  await harness.person('nosy');
  const { gatehouse } = programOf(harness);
  await signInTo(gatehouse, 'nosy');
  expect(await follow(gatehouse).ended).toBe('FORBIDDEN');
});

test('a cursor behind which events are no longer kept is an error, not a gap', async () => {
  await failing(3);
  const admin = await harness.admin();
  const { data } = await admin.ask('{ securityEvents(first: 1) { edges { cursor } } }');
  const { gatehouse } = programOf(harness);
  await signInTo(gatehouse, administrator.username);
  const { sql } = harness.app.services.database;
  await sql.rows('delete from security_events where sequence <= 3');
  const { cursors, ended } = follow(gatehouse, String(data['securityEvents']?.['edges']?.[0]?.['cursor']));
  expect(await ended).toBe('CURSOR_EXPIRED');
  expect(cursors).toEqual([]);
});

test('nobody who is signed out follows anything', async () => {
  const { gatehouse } = programOf(harness);
  expect(await follow(gatehouse).ended).toBe('ended');
});

test('the stream of one person ends when another signs in, whose own begins anew', async () => {
  await harness.person('other');
  const { gatehouse, ended } = await following();
  await signInTo(gatehouse, 'other');
  expect(await ended).toBe('ended');
  expect(await follow(gatehouse).ended).toBe('FORBIDDEN');
});

test('whoever stops reading a quiet stream is not kept waiting', async () => {
  const { gatehouse, stop } = await following();
  const quiet = gatehouse.follow(failures, {});
  const reading = quiet.next();
  await quiet.return?.();
  expect(await reading).toEqual({ done: true, value: undefined });
  expect(await quiet.next()).toEqual({ done: true, value: undefined });
  stop();
});

test('a subscription that is ended at once tells nothing', async () => {
  const { gatehouse, cursors, stop } = await following();
  const told: string[] = [];
  const sink = {
    next: () => told.push('next'),
    error: () => told.push('error'),
    complete: () => told.push('complete'),
  };
  gatehouse.subscribe({ query: String(failures) }, sink)();
  const before = cursors.length;
  await failing(2);
  await eventually(() => cursors.length >= before + 2);
  expect(told).toEqual([]);
  stop();
});

test('a stream that finds no room waits until there is some', async () => {
  const { gatehouse } = programOf(harness);
  await signInTo(gatehouse, administrator.username);
  // One socket carries at most twenty.
  const streams = Array.from({ length: 24 }, () => follow(gatehouse));
  const heard = () => streams.filter(({ cursors }) => cursors.length > 0);
  await eventually(async () => {
    await failing(1);
    return heard().length >= 20;
  });
  const waiting = streams.filter(({ cursors }) => cursors.length === 0);
  expect(waiting.length).toBeGreaterThan(0);
  for (const { stop } of heard().slice(0, 10)) stop();
  await eventually(async () => {
    await failing(1);
    return waiting.every(({ cursors }) => cursors.length > 0);
  }, 60_000);
  for (const { stop } of streams) stop();
  expect(new Set(await Promise.all(streams.map(({ ended }) => ended)))).toEqual(new Set(['ended']));
}, 120_000);

test('a stream that is begun while the service does not answer begins when it does', async () => {
  const { gatehouse } = programOf(harness, { url: `${line.url}/graphql` });
  await signInTo(gatehouse, administrator.username);
  const now = Date.now();
  const clock = jest.spyOn(Date, 'now').mockImplementation(() => now + hours(1));
  line.cut();
  const { cursors, stop } = follow(gatehouse);
  await new Promise((resolve) => setTimeout(resolve, 10_000));
  clock.mockRestore();
  line.mend();
  await eventually(async () => {
    await failing(1);
    return cursors.length > 0;
  }, 60_000);
  stop();
}, 120_000);

test('closing ends every stream', async () => {
  const { gatehouse, ended } = await following();
  await gatehouse.close();
  expect(await ended).toBe('ended');
});
