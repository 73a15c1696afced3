import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { days } from '../../src/clock.js';
import { type Made, makeAccount, stateOf } from '../support/accounts.js';
import { makeToken } from '../support/api-tokens.js';
import { Client, type Json } from '../support/client.js';
import { Harness, password } from '../support/harness.js';
import { type Permits, roleWith } from '../support/role-with.js';
import { overSocket } from '../support/transports.js';

/** In milliseconds; each cell of the table creates an account. */
jest.setTimeout(60_000);

const german = { language: 'de' };
const work = ['user:read', 'user:create', 'user:update', 'user:deactivate', 'user:lock', 'user:unlock', 'user:delete'];
const all = (conditions: object | null): Permits => Object.fromEntries(work.map((name) => [name, conditions]));

const roles: Record<string, [level: number, permits: Permits]> = {
  support: [10, { 'user:read': null, 'user:lock': null, 'user:unlock': null }],
  manager: [50, all(null)],
  conditional: [50, all(german)],
  overreaching: [50, { 'user:*': null }],
  chief: [60, {}],
};

const targets = ['German', 'English', 'equal', 'higher', 'administrator', 'oneself'] as const;
type Target = (typeof targets)[number];

interface Operation {
  readonly mutation: string;
  readonly input: (target: Made) => Record<string, unknown>;
  /** The `viewerCan…` field of User that predicts the outcome. */
  readonly foretold?: string;
}
const user = ({ id }: Made) => ({ userId: id });
let numbers = 0;
const operations: Record<string, Operation> = {
  update: { mutation: 'updateUser', input: (t) => ({ ...user(t), bio: 'changed' }), foretold: 'viewerCanUpdate' },
  address: { mutation: 'updateUser', input: (t) => ({ ...user(t), email: `new.${++numbers}@example.com` }) },
  deactivate: { mutation: 'deactivateUser', input: user, foretold: 'viewerCanDeactivate' },
  reactivate: { mutation: 'reactivateUser', input: user },
  unlock: { mutation: 'unlockUser', input: user, foretold: 'viewerCanUnlock' },
  lock: {
    mutation: 'lockUser',
    input: (t) => ({ ...user(t), until: new Date(Date.now() + days(1)) }),
    foretold: 'viewerCanLock',
  },
  delete: { mutation: 'deleteUser', input: user, foretold: 'viewerCanDelete' },
  make: {
    mutation: 'setAdministrator',
    input: (t) => ({ ...user(t), isAdmin: true }),
    foretold: 'viewerCanSetAdministrator',
  },
  unmake: { mutation: 'setAdministrator', input: (t) => ({ ...user(t), isAdmin: false }) },
  sessions: { mutation: 'revokeUserSessions', input: user },
  session: { mutation: 'revokeSession', input: ({ sessionId }) => ({ sessionId }) },
  token: { mutation: 'revokeApiToken', input: ({ tokenId }) => ({ apiTokenId: tokenId }) },
};

const letters: Record<string, string> = {
  FORBIDDEN: 'F',
  ABOVE_OWN_LEVEL: 'A',
  OWN_ACCOUNT: 'O',
  NOT_FOUND: 'N',
};

/** The expected outcome of each operation, one letter per target in the order of `targets`; `.` means success. */
const table: Record<string, Record<keyof typeof operations, string>> = {
  support: {
    update: 'FFFFFF',
    address: 'FFFFFF',
    deactivate: 'FFFFFF',
    reactivate: 'FFFFFF',
    unlock: '..AAA.',
    lock: '..AAAO',
    delete: 'FFFFFF',
    make: 'FFFFFF',
    unmake: 'FFFFFF',
    sessions: 'FFFFFF',
    session: 'NNNNN.',
    token: 'NNNNN.',
  },
  manager: {
    update: '...AA.',
    address: '..AAAO',
    deactivate: '...AAO',
    reactivate: '...AA.',
    unlock: '...AA.',
    lock: '...AAO',
    delete: '...AAO',
    make: 'FFFFFF',
    unmake: 'FFFFFF',
    sessions: '...AA.',
    session: '...AA.',
    token: '...AA.',
  },
  conditional: {
    update: '.F.AAF',
    address: '.FAAAF',
    deactivate: '.F.AAO',
    reactivate: '.F.AAF',
    unlock: '.F.AAF',
    lock: '.F.AAO',
    delete: '.F.AAO',
    make: 'FFFFFF',
    unmake: 'FFFFFF',
    sessions: '.F.AAF',
    session: '.N.AA.',
    token: '.N.AA.',
  },
  overreaching: {
    update: '...AA.',
    address: '..AAAO',
    deactivate: '...AAO',
    reactivate: '...AA.',
    unlock: '...AA.',
    lock: '...AAO',
    delete: '...AAO',
    make: 'AAAAAA',
    unmake: 'AAAAAO',
    sessions: '...AA.',
    session: '...AA.',
    token: '...AA.',
  },
  administrator: {
    update: '......',
    address: '.....O',
    deactivate: '.....O',
    reactivate: '......',
    unlock: '......',
    lock: '.....O',
    delete: '.....O',
    make: '......',
    unmake: '.....O',
    sessions: '......',
    session: '......',
    token: '......',
  },
  "a manager's token": {
    update: '...AA.',
    address: 'FFFFFF',
    deactivate: '...AAO',
    reactivate: '...AA.',
    unlock: '...AA.',
    lock: '...AAO',
    delete: '...AAO',
    make: 'FFFFFF',
    unmake: 'FFFFFF',
    sessions: 'FFFFFF',
    session: 'FFFFFF',
    token: 'FFFFFF',
  },
  "an administrator's token": {
    update: '......',
    address: 'FFFFFF',
    deactivate: '.....O',
    reactivate: '......',
    unlock: '......',
    lock: '.....O',
    delete: '.....O',
    make: 'FFFFFF',
    unmake: 'FFFFFF',
    sessions: 'FFFFFF',
    session: 'FFFFFF',
    token: 'FFFFFF',
  },
  "an administrator's token for locks": {
    ...everywhere('FFFFFF'),
    unlock: '......',
    lock: '.....O',
  },
  "an administrator's token without scopes": everywhere('FFFFFF'),
};

function everywhere(outcomes: string): Record<string, string> {
  return Object.fromEntries(Object.keys(operations).map((name) => [name, outcomes]));
}

let harness: Harness;
let admin: Client;
const roleIds: Record<string, string> = {};
const callers: Record<string, { client: Client; signIn: () => Promise<void> }> = {};

beforeAll(async () => {
  harness = await Harness.start();
  admin = await harness.admin();
  for (const [name, [level, permits]] of Object.entries(roles))
    roleIds[name] = await roleWith(harness, name, level, permits);
  for (const name of ['support', 'manager', 'conditional', 'overreaching'])
    callers[name] = await signedIn(`caller.${name}`, { roleIds: [roleIds[name]] });
  callers['administrator'] = await signedIn('caller.administrator', { isAdmin: true });
  callers["a manager's token"] = await withToken(clientOf('manager'), work);
  const boss = clientOf('administrator');
  callers["an administrator's token"] = await withToken(boss, ['user:*']);
  callers["an administrator's token for locks"] = await withToken(boss, ['user:lock', 'user:unlock']);
  callers["an administrator's token without scopes"] = await withToken(boss, []);
});

const clientOf = (name: string): Client => callers[name]?.client ?? admin;

async function signedIn(username: string, more: object) {
  const email = `${username}@example.com`;
  await admin.mutate('createUser', { username, email, password, ...more }, 'user { id }');
  const client = harness.client();
  const signIn = async () => void (await client.login(username, password));
  await signIn();
  return { client, signIn };
}

async function withToken(owner: Client, scopes: readonly string[]) {
  const client = new Client(harness.app.url);
  client.userId = owner.userId;
  client.token = (await makeToken(owner, scopes)).token;
  return { client, signIn: async () => undefined };
}

const makers: Record<Exclude<Target, 'oneself'>, () => Promise<Made>> = {
  German: () => makeAccount(harness, { language: 'de' }),
  English: () => makeAccount(harness, { language: 'en' }),
  equal: () => makeAccount(harness, { language: 'de', roleId: roleIds['manager'] }),
  higher: () => makeAccount(harness, { language: 'de', roleId: roleIds['chief'] }),
  administrator: () => makeAccount(harness, { language: 'de', isAdmin: true }),
};

/** Another session and API token of the asker, created anew. */
async function oneself({ userId }: Client): Promise<Made> {
  const made = await makeAccount(harness);
  const { sql } = harness.app.services.database;
  await sql.rows('update sessions set user_id = $1 where id = $2', [userId ?? '', made.sessionId]);
  await sql.rows('update api_tokens set user_id = $1 where id = $2', [userId ?? '', made.tokenId]);
  return { ...made, id: String(userId) };
}

/** @returns the code of the refusal, undefined on success */
async function attempt(client: Client, { mutation, input }: Operation, target: Made): Promise<string | undefined> {
  const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`;
  const query = `mutation ($input: ${type}!) { ${mutation}(input: $input) { errors { code } } }`;
  const { codes, data } = await client.ask(query, { input: input(target) });
  const refused = data?.[mutation]?.['errors'] as unknown as Json[] | undefined;
  return codes[0] ?? refused?.map(({ code }) => String(code))[0];
}

async function foretell(client: Client, field: string, { id }: Made): Promise<boolean> {
  const { data, codes } = await client.ask(`query ($id: ID!) { user(id: $id) { ${field} } }`, { id });
  expect(codes).toEqual([]);
  return Boolean(data['user']?.[field]);
}

describe.each(Object.keys(table))('for %s', (name) => {
  test.each(Object.keys(operations))('%s comes out by permission and rank, as foretold', async (operation) => {
    const outcomes: string[] = [];
    for (const target of targets) outcomes.push(await cell(name, operation, target));
    expect(outcomes.join('')).toBe(table[name]?.[operation]);
  });
});

async function cell(name: string, operationName: string, target: Target): Promise<string> {
  const [caller, operation] = [callers[name], operations[operationName]];
  if (!caller || !operation) throw new Error('no such cell');
  const { client, signIn } = caller;
  const made = target === 'oneself' ? await oneself(client) : await makers[target]();
  const before = await stateOf(harness, made.id);
  const foretold = operation.foretold && (await foretell(client, operation.foretold, made));
  const code = await attempt(client, operation, made);
  if (operation.foretold) expect([target, foretold]).toEqual([target, code === undefined]);
  if (code) expect(await stateOf(harness, made.id)).toEqual(before);
  if (target === 'oneself') await signIn();
  return code ? (letters[code] ?? code) : '.';
}

test('the same over a websocket', async () => {
  for (const target of ['German', 'English', 'equal', 'higher'] as const) {
    const made = await makers[target]();
    const query = `mutation { deactivateUser(input: { userId: "${made.id}" }) { errors { code field } } }`;
    const { data, codes } = await overSocket(harness.app.url, { query, token: clientOf('conditional').token });
    const errors = { higher: [{ code: 'ABOVE_OWN_LEVEL', field: ['input', 'userId'] }] }[target as string] ?? [];
    if (target === 'English') expect(codes).toEqual(['FORBIDDEN']);
    else expect([target, data['deactivateUser']]).toEqual([target, { errors }]);
  }
});

test('nobody is foretold anything, and nobody anonymous', async () => {
  const made = await makers.German();
  const fields =
    'viewerCanUpdate viewerCanDelete viewerCanDeactivate viewerCanLock viewerCanUnlock viewerCanSetAdministrator';
  const person = await harness.person('ordinary');
  const { data, codes } = await person.ask(`{ viewer { ${fields} } user(id: "${made.id}") { ${fields} } }`);
  expect(codes).toEqual([]);
  expect(Object.values({ ...(data['viewer'] as object), ...(data['user'] as object) })).toEqual(Array(6).fill(false));
  const answer = await harness.client().ask(
    `mutation { login(input: { identifier: "ordinary", password: "${password}" }) {
      result { ... on Authentication { user { ${fields} } } } } }`,
  );
  expect([answer.codes, Object.values(answer.data['login']?.['result']?.['user'] ?? {})]).toEqual([
    [],
    Array(6).fill(false),
  ]);
});
