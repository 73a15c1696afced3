import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLObjectType,
  getNamedType,
  isInputObjectType,
  isObjectType,
} from 'graphql';
import { buildPlainSchema } from '../../src/api/schema.js';
import { roots } from '../support/access-matrix.js';
import { makeCallers } from '../support/callers.js';
import { Harness } from '../support/harness.js';
import { makers } from '../support/things.js';
import { fresh, transports } from '../support/transports.js';

/** Operations that the access matrix does not contain. */
const more: Record<string, string> = {
  'Query.accessDecision: of a token':
    'accessDecision(userId: $user, apiTokenId: $apiToken, check: { action: "read", resource: "post" }) { allowed reason }',
  'Query.previewRoleChange: in full':
    'previewRoleChange(input: { roleId: $roleOfPermission, removePermissionIds: [$permission], grantTo: [$user], revokeFrom: [$user] }) { affectedUsersCount errors { code } }',
  'Mutation.changeRole: of somebody who does not hold it':
    'changeRole(input: { roleId: $roleOfPermission, removePermissionIds: [$permission], revokeFrom: [$user] }) { errors { code field } }',
  'Query.securityEvents: of somebody':
    'securityEvents(filter: { actorId: $user, subjectId: $user, personId: $user }) { totalCount nodes { id subject { id } } }',
  'Query.securityEvents: of a session': 'securityEvents(filter: { sessionId: $session }) { totalCount nodes { id } }',
  'Mutation.beginSecurityEventExport: of somebody':
    'beginSecurityEventExport(input: { format: CSV, filter: { actorId: $user, subjectId: $user, personId: $user, sessionId: $session } }) { errors { code } }',
  'Query.sessions: of somebody': 'sessions(filter: { userId: $user }) { totalCount nodes { id user { id } } }',
  'Query.apiTokens: of somebody': 'apiTokens(filter: { userId: $user }) { totalCount nodes { id user { id } } }',
  'Mutation.retryJob: of a failed job': 'retryJob(input: { jobId: $failedJob }) { errors { code } }',
  'Query.posts: of somebody': 'posts(authorId: $user) { totalCount nodes { id } }',
  'Query.user: with what belongs to them':
    'user(id: $user) { id username email twoFactorEnabled roles { id } grants { id } sessions { id } viewerCanUpdate }',
};

const operations: Record<string, string> = {
  ...Object.fromEntries(Object.entries(roots).map(([name, [, operation]]) => [name, operation])),
  ...more,
};
const rows = Object.entries(operations)
  .filter(([name, operation]) => /\$(?!name|address)/.test(operation) && !name.startsWith('Subscription'))
  .map(([name, operation]) => [name, operation] as const);
const variablesIn = (operation: string) => [...new Set(operation.match(/\$\w+/g))].map((name) => name.slice(1));
const isText = (name: string) => name === 'name' || name === 'address';

const schema = buildPlainSchema();

/** Paths of the ids within an argument or input field, such as `roleId` or `filter.actorId`. */
function idsIn({ name, type }: GraphQLArgument | GraphQLInputField, seen: readonly string[] = []): string[] {
  const named = getNamedType(type);
  if (named.name === 'ID') return [name];
  if (!isInputObjectType(named) || seen.includes(named.name)) return [];
  return Object.values(named.getFields()).flatMap((field) => idsIn(field, [...seen, named.name]));
}

test('every place of the schema that takes an id is tried', () => {
  const types = Object.values(schema.getTypeMap()).filter(isObjectType);
  const fields = types.flatMap((type: GraphQLObjectType) =>
    Object.values(type.getFields()).map((field) => ({ owner: type.name, field })),
  );
  const places = fields.flatMap(({ owner, field }) =>
    field.args.flatMap((argument) => idsIn(argument)).map((id) => ({ owner, field: field.name, id })),
  );
  expect(places.length).toBeGreaterThan(30);
  const isTried = ({ owner, field, id }: (typeof places)[number]) =>
    rows.some(
      ([name, operation]) =>
        name.split(':')[0] === `${owner}.${field}` && new RegExp(`\\b${id}: \\[?\\$`).test(operation),
    );
  const untried = places.filter((place) => !isTried(place));
  expect(untried.filter(({ owner }) => owner !== 'Subscription')).toEqual([]);
});

let harness: Harness;
let things: Awaited<ReturnType<typeof makers>>;
let tokens: (string | undefined)[];
beforeAll(async () => {
  harness = await Harness.start();
  const { admin, user } = await makeCallers(harness);
  things = await makers(harness, user);
  const permission = String(await things['permission']?.());
  const { sql } = harness.app.services.database;
  const role = await sql.row<{ id: string }>('select role_id as id from permissions where id = $1', [permission]);
  things = { ...things, roleOfPermission: async () => String(role?.id), failedJob };
  tokens = [admin.token, user.token];
});
afterAll(() => harness.close());

/** Of a task that no process knows, so that it stays where it is. */
async function failedJob(): Promise<string> {
  const made = await harness.app.services.database.sql.row<{ id: string }>(
    `insert into jobs (id, task, created_at, failed_at) values (gen_random_uuid(), 'unknown', now(), now()) returning id`,
  );
  return String(made?.id);
}

test.each(rows)('%s', async (name, operation) => {
  const declared = variablesIn(operation).map((one) => `$${one}: ${isText(one) ? 'String' : 'ID'}!`);
  const kind = name.startsWith('Query') ? 'query' : 'mutation';
  const ask = async (spelling: (id: string) => string, query: string, place: number, token: string | undefined) => {
    const made = variablesIn(operation).map(async (one) => {
      const value = String(await things[one]?.());
      return [one, isText(one) ? value : spelling(value)] as const;
    });
    const variables = Object.fromEntries(await Promise.all(made));
    const send = transports[place]?.[1];
    const outcome = await send?.(harness.app.url, { query, variables, token });
    expect(outcome?.codes).not.toContain('GRAPHQL_VALIDATION_FAILED');
    return JSON.stringify([outcome?.codes, outcome?.data]);
  };
  for (const token of tokens)
    for (const place of transports.keys()) {
      const query = fresh(`${kind} (${declared.join(' ')}) { ${operation} }`);
      // Interpreted and compiled operations call the resolvers in different ways.
      for (const _way of ['interpreted', 'compiled'])
        expect(await ask((id) => id.toUpperCase(), query, place, token)).toBe(
          await ask((id) => id, fresh(query), place, token),
        );
    }
});
