import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import fc from 'fast-check';
import type { App } from '../../src/app.js';
import { Client } from './client.js';
import type { Harness } from './harness.js';
import { makeRole, outcomeOf, permitTo } from './roles.js';
import { seeded } from './seeded.js';
import { hearAllLate, holdUp, withoutSignals } from './signals.js';
import { SingleWriter, tick } from './single-writer.js';

// Three processes answer from memory who the caller is and what they may do. Whatever one of them has acknowledged, none
// answers from before it, also while signals are cut or late.

/** What the answer of `viewer` depends on, for one person. */
interface State {
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly username: string;
  readonly isAdmin: boolean;
  readonly roles: readonly string[];
}

interface Person {
  /** The same person at each process. */
  readonly clients: readonly Client[];
  readonly userId: string;
  readonly state: SingleWriter<State>;
  isBusy: boolean;
}

const query = `{ viewer { username firstName lastName fullName isAdmin roles { name }
  can(checks: [{ action: "read", resource: "ledger" }]) } }`;
const extra = ['auditor', 'editor'] as const;

let apps: App[];
let admins: Client[];
let people: Person[];
let readers: string;
/** Whether the role `reader`, which everybody holds, permits to read ledgers. */
let ledger: SingleWriter<boolean>;
let permissionId: string | undefined;
const roleIds: Record<string, string> = {};
let isLedgerBusy = false;

/** Begins something that harms signals. @returns what ends it */
export type Harm = (app: App) => Promise<() => unknown>;

/** Harms the line on which a process hears signals. */
const harms: Readonly<Record<string, Harm>> = {
  cut: withoutSignals,
  late: async (app) => {
    const line = holdUp(app);
    return () => line.resume();
  },
};

/** Prepares people and roles. @param instances of one service */
export async function prepareFreshAnswers(harness: Harness, instances: readonly App[]): Promise<void> {
  apps = [...instances];
  [reads, certain, permissionId, isLedgerBusy] = [0, 0, undefined, false];
  // A process then hears even of its own changes after it could have answered.
  apps.forEach((app, n) => {
    hearAllLate(app, 10 + 10 * n);
  });
  const everywhere = (client: Client) =>
    apps.map(({ url }) => Object.assign(new Client(url), { token: client.token, userId: client.userId }));
  admins = everywhere(await harness.admin());
  for (const name of extra) roleIds[name] = await makeRole(admin(0), { name, level: 10 });
  readers = await makeRole(admin(0), { name: 'reader', level: 5 });
  ledger = new SingleWriter(false);
  people = [];
  for (const username of ['ada', 'bob', 'cleo']) {
    const client = await harness.person(username);
    const userId = String(client.userId);
    expect(await outcomeOf(admin(0), 'grantRole', { userId, roleId: readers })).toBe('ok');
    const state = { firstName: null, lastName: null, username, isAdmin: false, roles: [] };
    people.push({ clients: everywhere(client), userId, state: new SingleWriter<State>(state), isBusy: false });
  }
}

const admin = (app: number): Client => admins[app] as Client;

/** Changes of one person, by what the API calls them. Each is told the person's state, and says the next. */
const changes: Record<string, (state: State, n: number) => [mutation: string, input: object, next: State]> = {
  profile: (state, n) => ['updateProfile', { firstName: `First ${n}` }, { ...state, firstName: `First ${n}` }],
  name: (state, n) => ['updateUser', { lastName: `Last ${n}` }, { ...state, lastName: `Last ${n}` }],
  username: (state, n) => {
    const username = `${state.username.split('.')[0]}.${n}`;
    return ['updateUser', { username }, { ...state, username }];
  },
  administrator: (state) => ['setAdministrator', { isAdmin: !state.isAdmin }, { ...state, isAdmin: !state.isAdmin }],
  role: (state, n) => {
    const name = extra[n % 2] as string;
    const held = state.roles.includes(name);
    const roles = held ? state.roles.filter((one) => one !== name) : [...state.roles, name].sort();
    return [held ? 'revokeRole' : 'grantRole', { roleId: roleIds[name] }, { ...state, roles }];
  },
};

const step = fc.record({
  person: fc.nat(2),
  app: fc.nat(2),
  change: fc.constantFrom(...Object.keys(changes), 'ledger'),
  n: fc.nat(99_999),
});
const faultOf = (kinds: readonly string[]) =>
  fc.record({
    app: fc.nat(2),
    kind: fc.constantFrom(...kinds),
    /** In milliseconds. */
    after: fc.integer({ min: 20, max: 300 }),
    lasts: fc.integer({ min: 10, max: 1200 }),
  });
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;
type Fault = ReturnType<typeof faultOf> extends fc.Arbitrary<infer One> ? One : never;

async function perform({ person: index, app, change, n }: Step): Promise<void> {
  if (change === 'ledger') return changeLedger(app);
  const person = people[index] as Person;
  // One writer at a time, so that the order of writes is known.
  while (person.isBusy) await sleep(1);
  person.isBusy = true;
  const [mutation, input, next] = (changes[change] as (typeof changes)[string])(person.state.last, n);
  const [client, whom] =
    mutation === 'updateProfile' ? [person.clients[app] as Client, {}] : [admin(app), { userId: person.userId }];
  const write = async () => expect(await outcomeOf(client, mutation, { ...input, ...whom })).toBe('ok');
  await person.state.write(next, write).finally(() => {
    person.isBusy = false;
  });
}

async function changeLedger(app: number): Promise<void> {
  while (isLedgerBusy) await sleep(1);
  isLedgerBusy = true;
  await ledger.write(!ledger.last, async () => {
    if (!permissionId) permissionId = await permitTo(admin(app), readers, 'ledger:read');
    else {
      expect(await outcomeOf(admin(app), 'removePermission', { permissionId })).toBe('ok');
      permissionId = undefined;
    }
  });
  isLedgerBusy = false;
}

const shown = ({ firstName, lastName, username, isAdmin, roles }: State) => ({
  username,
  firstName,
  lastName,
  fullName: firstName && lastName ? `${firstName} ${lastName}` : (firstName ?? username),
  isAdmin,
  roles: [...(isAdmin ? ['admin'] : []), ...roles, 'reader', 'user'],
});

interface Seen {
  readonly can: readonly [boolean];
  readonly roles: readonly { readonly name: string }[];
}

let reads = 0;
/** Reads that could have seen nothing but what was written last. */
let certain = 0;

async function read(index: number, app: number): Promise<void> {
  const { clients, state } = people[index] as Person;
  const beganAt = tick();
  const { data, codes } = await (clients[app] as Client).ask(query);
  const endedAt = tick();
  expect(codes).toEqual([]);
  const { can, roles, ...row } = data['viewer'] as unknown as Seen;
  const seen = { ...row, roles: roles.map(({ name }) => name) };
  const states = state.allowed(beganAt, endedAt);
  const permitted = ledger.allowed(beganAt, endedAt);
  expect(states.map(shown)).toContainEqual(seen);
  expect([...permitted, ...states.filter(({ isAdmin }) => isAdmin).map(() => true)]).toContain(can[0]);
  if (!states.some(({ isAdmin }) => isAdmin)) expect(permitted).toContain(can[0]);
  reads += 1;
  if (states.length === 1 && permitted.length === 1) certain += 1;
}

async function disturb(
  { app: index, kind, after, lasts }: Fault,
  known: Readonly<Record<string, Harm>>,
): Promise<void> {
  await sleep(after);
  const end = await (known[kind] as Harm)(apps[index] as App);
  await sleep(lasts);
  await end();
}

/**
 * Sends random changes and reads through all processes, while signals are harmed at random.
 * @param more further ways to harm them
 */
export async function expectFreshAnswers(more: Readonly<Record<string, Harm>> = {}): Promise<void> {
  const known = { ...harms, ...more };
  const plan = fc.tuple(
    fc.array(step, { minLength: 40, maxLength: 40 }),
    fc.array(faultOf(Object.keys(known)), { minLength: 2, maxLength: 4 }),
  );
  await seeded(
    fc.asyncProperty(plan, async ([steps, faults]) => {
      let isOver = false;
      const reading = Array.from({ length: 6 }, async (_, n) => {
        for (let turn = n; !isOver; turn += 1) await read(turn % 3, Math.floor(turn / 3 + n) % 3);
      });
      const disturbing = (async () => {
        for (const one of faults) await disturb(one, known);
      })();
      const writing = (async () => {
        const queues = [0, 1, 2].map((lane) => steps.filter((_, n) => n % 3 === lane));
        await Promise.all(
          queues.map(async (lane) => {
            for (const one of lane) await perform(one);
          }),
        );
      })();
      try {
        await Promise.all([writing, disturbing]);
      } finally {
        isOver = true;
        await Promise.all(reading);
      }
    }),
    Number(process.env['PROPERTY_RUNS'] ?? 3),
    false,
  );
  const writes = people.reduce((sum, { state }) => sum + state.writes, ledger.writes);
  process.stdout.write(`${reads} reads, ${certain} of them certain, ${writes} writes\n`);
  // Otherwise it shows little: reads that a write overlaps may see either.
  expect(certain).toBeGreaterThan(writes);
}
