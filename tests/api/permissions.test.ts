import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type GraphQLObjectType, isInterfaceType, isObjectType } from 'graphql';
import { guards, permissions } from '../../src/api/permissions.js';
import { buildPlainSchema } from '../../src/api/schema.js';
import { verifySteadily } from '../../src/security-events/chain/verify-steadily.js';
import { done, fields, isNull, letIn, letters, no, ofAccount, roots, yes } from '../support/access-matrix.js';
import { type Caller, type CallerName, callerNames, makeCallers } from '../support/callers.js';
import type { Json } from '../support/client.js';
import { Harness } from '../support/harness.js';
import { makers } from '../support/things.js';
import { type Ask, fresh, type Outcome, overHttp, transports } from '../support/transports.js';

/** Paths to an account. The last one is public, so that only the guard protects the field. */
const roads = ['user(id: $user) { * }', 'node(id: $user) { ... on User { * } }', 'post(id: $post) { author { * } }'];

type Row = [name: string, letters: string, operation: string];
const rowsOf = (table: typeof roots): Row[] => Object.entries(table).map(([name, row]) => [name, ...row]);
const accountRows = Object.entries(ofAccount).flatMap(([name, [theirs, own, field]]): Row[] => [
  ...roads.map((road): Row => [`User.${name}`, theirs, road.replace('*', field)]),
  [`User.${name}`, own, `viewer { ${field} }`],
]);
const fieldRows = [...accountRows, ...rowsOf(fields)];

describe('the matrix has', () => {
  const schema = buildPlainSchema();
  const types = Object.values(schema.getTypeMap()).filter(isObjectType);
  const fieldsOf = (type: GraphQLObjectType) => Object.keys(type.getFields()).map((field) => `${type.name}.${field}`);
  const namesOf = (table: object) =>
    Object.entries(table).flatMap(([type, rows]) => Object.keys(rows).map((field) => `${type}.${field}`));
  /** One field may have several rows. */
  const fieldsIn = (rows: readonly Row[]) => [...new Set(rows.map(([name]) => String(name.split(':')[0])))].sort();

  test('every root field, and so has the rule table', () => {
    const all = types.filter(({ name }) => name in permissions).flatMap(fieldsOf);
    expect(namesOf(permissions).sort()).toEqual(all.sort());
    expect(fieldsIn(rowsOf(roots))).toEqual(all.sort());
  });

  test('every kind of Node', () => {
    const node = schema.getType('Node');
    const kinds = isInterfaceType(node) ? schema.getPossibleTypes(node).map(({ name }) => `Query.node: ${name}`) : [];
    const rows = Object.keys(roots).filter((name) => name.startsWith('Query.node'));
    expect(rows.sort()).toEqual(kinds.sort());
  });

  test('every guarded field, and every one that tells what the caller can do', () => {
    const told = types.flatMap(fieldsOf).filter((field) => /\.viewerCan/.test(field));
    expect(fieldsIn(fieldRows)).toEqual([...namesOf(guards), ...told, 'Comment.post'].sort());
  });

  test('in every row what the row is about, and a letter for every caller', () => {
    for (const [name, row, operation] of [...rowsOf(roots), ...fieldRows]) {
      expect(operation).toMatch(new RegExp(`\\b${/\.(\w+)/.exec(name)?.[1]}\\b`));
      expect([name, row]).toEqual([name, expect.stringMatching(/^\S{2} \S{2} \S{4} \S{3}$/)]);
    }
  });
});

test('every field of User that is not public has a guard', () => {
  const user = buildPlainSchema().getType('User') as GraphQLObjectType;
  const names = ['id', 'username', 'firstName', 'lastName', 'fullName'];
  const open = [...names, 'avatarUrl', 'bio', 'location', 'website', 'createdAt'];
  const isOpen = (field: string) => open.includes(field) || field.startsWith('viewerCan');
  const closed = Object.keys(user.getFields()).filter((field) => !isOpen(field));
  expect(Object.keys(guards.User).sort()).toEqual(closed.sort());
});

let harness: Harness;
let callers: Record<CallerName, Caller>;
let things: Awaited<ReturnType<typeof makers>>;
beforeAll(async () => {
  harness = await Harness.start({ LOCKOUT_ATTEMPTS: '100' });
  const cast = await makeCallers(harness);
  callers = cast.callers;
  things = await makers(harness, cast.user);
  await verifySteadily(harness.app.services);
});
afterAll(() => harness.close());

const variablesIn = (operation: string) => [...new Set(operation.match(/\$\w+/g))].map((name) => name.slice(1));
const strings = ['name', 'address'];

function documentFor(kind: string, operation: string): string {
  const declared = variablesIn(operation).map((name) => `$${name}: ${strings.includes(name) ? 'String' : 'ID'}!`);
  return `${kind}${declared.length > 0 ? ` (${declared.join(' ')})` : ''} { ${operation} }`;
}

async function valuesFor(operation: string): Promise<Record<string, string>> {
  const made = variablesIn(operation).map(async (name) => [name, await things[name]?.()]);
  return Object.fromEntries(await Promise.all(made));
}

type Send = (url: string, ask: Ask) => Promise<Outcome>;
type Read = (data: Json, name: string) => string;

/** Every caller asks twice, because interpreted and compiled operations call the resolvers in different ways. */
async function rowOf(send: Send, read: Read, [name, , operation]: Row): Promise<string[]> {
  const [kind, field] = /^(Query|Mutation|Subscription)\.(\w+)/.exec(name)?.slice(1) ?? ['Query', name.split('.')[1]];
  const cell = async (caller: CallerName) => {
    const query = fresh(documentFor(String(kind).toLowerCase(), operation));
    const outcomes: string[] = [];
    for (const _way of ['interpreted', 'compiled']) {
      const variables = await valuesFor(operation);
      const token = field === 'logout' ? await callers[caller].anew() : callers[caller].token;
      const { codes, data } = await send(harness.app.url, { query, variables, token });
      outcomes.push(codes.length > 0 ? refused(codes, data, String(field)) : read(data, String(field)));
    }
    return outcomes;
  };
  const cells = await Promise.all(callerNames.map(cell));
  return [0, 1].map((way) => cells.map((outcomes) => outcomes[way]).join(''));
}

/** Expects that a refused field has no data, and returns the letters of its codes. */
function refused(codes: readonly string[], data: Json, field: string): string {
  expect(leaf(data, field) ?? null).toBeNull();
  return [...new Set(codes)].map((code) => letters[code] ?? code).join();
}

/** The value of a field at whatever depth, in the first of each list; undefined where something on the way is null. */
function leaf(data: Json, field: string): Json | undefined {
  if (data === null || typeof data !== 'object') return undefined;
  if (field in data) return data[field];
  return leaf(Object.values(data)[0] as Json, field);
}

function ofRoot(data: Json, field: string): string {
  const value = data[field];
  const code = value?.['errors']?.[0]?.['code'] as string | undefined;
  return value === null ? isNull : code ? (letters[code] ?? letIn) : done;
}

function ofField(data: Json, field: string): string {
  const value = leaf(data, field);
  if (value === undefined) return isNull;
  return field.startsWith('viewerCan') ? (value ? yes : no) : done;
}

const twice = (row: string) => [row, row].map((each) => each.replaceAll(' ', ''));
const isSubscription = ([name]: Row) => name.startsWith('Subscription');

describe.each(transports)('over %s', (transport, send) => {
  const rows = rowsOf(roots).filter((row) => transport === 'websocket' || !isSubscription(row));
  test.each(rows)('%s: %s', async (...row) => {
    expect(await rowOf(send, ofRoot, row)).toEqual(twice(row[1]));
  });
});

test.each(rowsOf(roots).filter(isSubscription))('%s is nothing for HTTP, whoever asks', async (name, _, operation) => {
  const notHere = 'BAD_USER_INPUT'.repeat(callerNames.length);
  expect(await rowOf(overHttp, ofRoot, [name, '', operation])).toEqual([notHere, notHere]);
});

test.each(fieldRows)('%s: %s by %s', async (...row) => {
  expect(await rowOf(overHttp, ofField, row)).toEqual(twice(row[1]));
});
