import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { Abilities } from '../../client/abilities.js';
import type { Gatehouse } from '../../client/gatehouse.js';
import type { AbilityQuery } from '../../client/operations.js';
import { minutes } from '../../src/clock.js';
import { closeApps, operation, programOf, signInTo } from '../support/apps.js';
import { placeholder } from '../support/arbitrary-conditions.js';
import type { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';
import { give, makeRole } from '../support/roles.js';

let harness: Harness;
let admin: Client;
beforeAll(async () => {
  harness = await Harness.start();
});
beforeEach(async () => {
  admin = await harness.admin();
});
afterAll(() => harness.close());
afterEach(async () => {
  jest.restoreAllMocks();
  await closeApps();
});

let count = 0;
/** A person with a role for posts, signed in to the client. */
async function editor(expiresAt?: string) {
  count += 1;
  const name = `editor${count}`;
  const person = await harness.person(name);
  const role = await makeRole(admin, {
    name: `posts${count}`,
    level: 2,
    permits: [
      'invoice:read',
      ['invoice:update', { authorId: placeholder('user.id'), category: { $in: ['news', 'opinion'] } }],
    ],
  });
  await give(admin, person, role, expiresAt ?? null);
  const program = programOf(harness);
  await signInTo(program.gatehouse, name);
  return { ...program, userId: String(person.userId), role };
}

const changes = (gatehouse: Gatehouse) => {
  const told = { times: 0 };
  gatehouse.onChange(() => {
    told.times += 1;
  });
  return told;
};

test('says what the service says, once it is known, and asks once', async () => {
  const { gatehouse, sent, userId } = await editor();
  const told = changes(gatehouse);
  expect(gatehouse.can('read', 'invoice')).toBe(false);
  await eventually(() => gatehouse.can('read', 'invoice'));
  expect(told.times).toBe(1);
  const asked: [action: string, attributes: object | undefined, expected: boolean][] = [
    ['update', { authorId: userId, category: 'news' }, true],
    ['update', { authorId: userId, category: 'sport' }, false],
    ['update', { authorId: 'somebody', category: 'news' }, false],
    ['update', Object.freeze({ authorId: userId, category: 'opinion' }), true],
    ['update', undefined, true],
    ['publish', { authorId: userId }, false],
  ];
  expect(asked.map(([action, attributes]) => gatehouse.can(action, 'invoice', attributes))).toEqual(
    asked.map(([, , expected]) => expected),
  );
  expect((await gatehouse.ability()).can('read', 'invoice')).toBe(true);
  expect(sent.filter((name) => name === 'Ability')).toHaveLength(2);
});

test('asks again when a grant ends', async () => {
  const soon = new Date(harness.clock.now().getTime() + minutes(10)).toISOString();
  const { gatehouse, sent } = await editor(soon);
  await gatehouse.ability();
  expect(gatehouse.can('update', 'invoice')).toBe(true);
  const delays = jest.spyOn(globalThis, 'setTimeout');
  await gatehouse.ability();
  const waits = delays.mock.calls.filter(([, delay]) => Number(delay) > minutes(9));
  expect(waits).toHaveLength(1);
  const [wait] = waits;
  expect(Math.abs(Number(wait?.[1]) - (Date.parse(soon) - Date.now()))).toBeLessThan(minutes(1));
  harness.clock.advance(minutes(20));
  wait?.[0]();
  await eventually(() => !gatehouse.can('update', 'invoice'));
  expect(sent.filter((name) => name === 'Ability')).toHaveLength(3);
});

test('asks again when something is refused, but not at each refusal', async () => {
  const { gatehouse, sent, userId, role } = await editor();
  await gatehouse.ability();
  const create = operation<object>('mutation { createRole(input: { name: "mine", level: 1 }) { errors { code } } }');
  const now = Date.now();
  jest.spyOn(Date, 'now').mockImplementation(() => now + minutes(1));
  await admin.mutate('revokeRole', { roleId: role, userId }, 'grant { id }');
  for (let n = 0; n < 5; n += 1)
    await expect(gatehouse.request(create, {})).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await eventually(() => !gatehouse.can('update', 'invoice'));
  expect(sent.filter((name) => name === 'Ability')).toHaveLength(2);
});

test('is forgotten at sign-out, and is that of the next person', async () => {
  const { gatehouse } = await editor();
  await gatehouse.ability();
  await gatehouse.signOut();
  expect(gatehouse.can('update', 'invoice')).toBe(false);
  await harness.person('reader');
  await signInTo(gatehouse, 'reader');
  await gatehouse.ability();
  expect(gatehouse.can('update', 'invoice', { authorId: 'x', category: 'news' })).toBe(false);
});

test('an answer that comes after somebody else has signed in is not theirs', async () => {
  const { gatehouse, setFetch } = await editor();
  await harness.person('late.reader');
  let isFirst = true;
  setFetch(async (input) => {
    const response = await fetch(input);
    if (isFirst) {
      isFirst = false;
      await signInTo(gatehouse, 'late.reader');
    }
    return response;
  });
  const ability = await gatehouse.ability();
  expect([ability.can('read', 'invoice'), gatehouse.can('read', 'invoice')]).toEqual([false, false]);
});

test('follows changes of what its user may do, and only those', async () => {
  const { userId, role } = await editor();
  const live = programOf(harness, { liveAbilities: true });
  await signInTo(live.gatehouse, `editor${count}`);
  await live.gatehouse.ability();
  expect(live.gatehouse.can('publish', 'invoice')).toBe(false);
  // Asked again once the stream has begun, because something may have changed meanwhile.
  const asked = () => live.sent.filter((name) => name === 'Ability').length;
  await eventually(() => asked() === 2);
  // Of a role that the user does not hold, and of somebody else.
  const other = await makeRole(admin, { name: `other${count}`, level: 2, permits: ['invoice:read'] });
  await admin.mutate('addPermission', { roleId: other, resource: 'sheet', action: 'read' }, 'permission { id }');
  await give(admin, admin, other);
  const change = { roleId: role, resource: 'invoice', action: 'publish' };
  await admin.mutate('addPermission', change, 'permission { id }');
  await eventually(() => live.gatehouse.can('publish', 'invoice'));
  expect(asked()).toBe(3);
  await admin.mutate('revokeRole', { roleId: role, userId }, 'grant { id }');
  await eventually(() => !live.gatehouse.can('publish', 'invoice'));
});

test('a change while an earlier question is being answered is asked about again', async () => {
  const answers: ((rules: readonly (readonly string[])[]) => void)[] = [];
  const ask = () =>
    new Promise<AbilityQuery>((resolve) => {
      answers.push((abilityRules) => resolve({ viewer: { id: '1', abilityRules, grants: [] } }));
    });
  jest.spyOn(Math, 'random').mockReturnValue(0);
  const real = globalThis.setTimeout;
  let acted = 0;
  jest.spyOn(globalThis, 'setTimeout').mockImplementation(((act: () => void, delay?: number) =>
    real(() => {
      act();
      if (delay === 0) acted += 1;
    }, delay)) as never);
  const abilities = new Abilities(
    ask,
    () => undefined,
    async function* () {
      yield 'a change';
    },
  );
  const loaded = abilities.load();
  await eventually(() => acted === 1);
  answers[0]?.([]);
  await loaded;
  expect(abilities.can('read', 'invoice')).toBe(false);
  await eventually(() => answers.length === 2);
  answers[1]?.([['read', 'invoice']]);
  await eventually(() => abilities.can('read', 'invoice'));
  abilities.close();
});

test.each([
  ['behind', minutes(60)],
  ['ahead', -minutes(180)],
])('waits for the end of a grant by the clock of the service when its own is %s', async (_name, shift) => {
  harness.clock.advance(shift);
  admin = await harness.admin();
  const difference = harness.clock.now().getTime() - Date.now();
  expect(Math.abs(difference)).toBeGreaterThan(minutes(30));
  const soon = new Date(harness.clock.now().getTime() + minutes(10)).toISOString();
  const { gatehouse } = await editor(soon);
  const delays = jest.spyOn(globalThis, 'setTimeout');
  await gatehouse.ability();
  const waits = delays.mock.calls.filter(([act]) => String(act).includes('renew'));
  expect(waits).toHaveLength(1);
  expect(Math.abs(Number(waits[0]?.[1]) - minutes(10))).toBeLessThan(minutes(1));
  harness.clock.advance(minutes(11));
  waits[0]?.[0]();
  await eventually(() => !gatehouse.can('update', 'invoice'));
});
