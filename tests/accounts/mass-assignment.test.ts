import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MikroORM } from '@mikro-orm/postgresql';
import {
  type GraphQLArgument,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLObjectType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
} from 'graphql';
import { buildPlainSchema } from '../../src/api/schema.js';
import { ormOptions } from '../../src/database/orm.js';
import { entities } from '../../src/entities.js';
import type { Client } from '../support/client.js';
import { Harness } from '../support/harness.js';

/**
 * Columns whose names may occur in these inputs. A new input field with the name of a column must be listed here.
 * Inputs that do not exist yet are part of the contract.
 */
const allowed: Record<string, readonly string[]> = {
  userId: [
    ...['UpdateUserInput', 'SetAdministratorInput', 'DeactivateUserInput', 'ReactivateUserInput', 'DeleteUserInput'],
    ...['LockUserInput', 'UnlockUserInput', 'RevokeUserSessionsInput', 'GrantRoleInput', 'RevokeRoleInput'],
    ...['SessionFilter', 'ApiTokenFilter'],
  ],
  username: ['RegisterInput', 'CreateUserInput', 'UpdateUserInput'],
  email: [
    ...['RegisterInput', 'CreateUserInput', 'UpdateUserInput'],
    ...['ResendVerificationEmailInput', 'RequestPasswordResetInput'],
  ],
  newEmail: ['RequestEmailChangeInput'],
  firstName: ['RegisterInput', 'CreateUserInput', 'UpdateUserInput', 'UpdateProfileInput'],
  lastName: ['RegisterInput', 'CreateUserInput', 'UpdateUserInput', 'UpdateProfileInput'],
  avatarUrl: ['UpdateUserInput', 'UpdateProfileInput'],
  bio: ['UpdateUserInput', 'UpdateProfileInput'],
  location: ['UpdateUserInput', 'UpdateProfileInput'],
  website: ['UpdateUserInput', 'UpdateProfileInput'],
  timezone: ['UpdateUserInput', 'UpdateProfileInput'],
  language: ['UpdateUserInput', 'UpdateProfileInput'],
  emailNotifications: ['UpdateUserInput', 'UpdateProfileInput'],
  isAdmin: ['CreateUserInput', 'SetAdministratorInput', 'UserFilter'],
  isActive: ['UserFilter'],
  isVerified: ['UserFilter'],
  sessionId: ['RevokeSessionInput', 'SecurityEventFilter'],
  roleId: [
    'GrantRoleInput',
    'RevokeRoleInput',
    'UpdateRoleInput',
    'DeleteRoleInput',
    'AddPermissionInput',
    'RoleChangeInput',
    'ChangeRoleInput',
  ],
  expiresAt: ['GrantRoleInput', 'CreateApiTokenInput'],
  name: [
    ...['CreateRoleInput', 'UpdateRoleInput', 'RoleChangeInput', 'ChangeRoleInput'],
    ...['AddPermissionInput', 'PermissionTermsInput', 'CreateApiTokenInput'],
  ],
  description: ['CreateRoleInput', 'UpdateRoleInput', 'RoleChangeInput', 'ChangeRoleInput'],
  level: ['CreateRoleInput', 'UpdateRoleInput', 'RoleChangeInput', 'ChangeRoleInput'],
  task: ['JobFilter', 'RetryFailedJobsInput'],
  resource: ['AddPermissionInput', 'PermissionTermsInput', 'AccessCheck'],
  action: ['AddPermissionInput', 'PermissionTermsInput', 'AccessCheck'],
  conditions: ['AddPermissionInput', 'PermissionTermsInput'],
  scopes: ['CreateApiTokenInput'],
  subjectId: ['SecurityEventFilter'],
  actorId: ['SecurityEventFilter'],
  title: ['CreatePostInput', 'UpdatePostInput'],
  body: ['CreatePostInput', 'UpdatePostInput', 'CreateCommentInput', 'UpdateCommentInput'],
  category: ['CreatePostInput', 'UpdatePostInput'],
  published: ['CreatePostInput'],
  postId: ['UpdatePostInput', 'PublishPostInput', 'UnpublishPostInput', 'DeletePostInput', 'CreateCommentInput'],
  ipAddress: ['SecurityEventFilter', 'SessionFilter'],
  since: ['SecurityEventFilter'],
};

const schema = buildPlainSchema();
const inputs = Object.values(schema.getTypeMap()).filter(isInputObjectType);
const roots = [schema.getQueryType(), schema.getMutationType()].filter((type) => type != null);

let harness: Harness;
let admin: Client;
let columns: string[];
beforeAll(async () => {
  harness = await Harness.start();
  admin = await harness.admin();
  const orm = await MikroORM.init(ormOptions(harness.databaseUrl, 1, entities));
  const properties = Object.values(orm.getMetadata().getAll()).flatMap((entity) => Object.values(entity.properties));
  // Both the property's name and the column's name.
  columns = [...new Set(properties.flatMap(({ name, fieldNames }) => [name, ...fieldNames]))];
  await orm.close();
});
afterAll(() => harness.close());

/** A valid value, so that only the field under test is refused. */
function filler(type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return filler(type.ofType);
  if (isListType(type)) return [];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (isInputObjectType(type)) return filled(type);
  if (isScalarType(type) && type.name === 'Int') return 1;
  if (isScalarType(type) && type.name === 'DateTime') return '2030-01-01T00:00:00Z';
  return type.name === 'Boolean' ? true : '-';
}
const filled = (type: GraphQLInputObjectType) =>
  Object.fromEntries(
    Object.values(type.getFields())
      .filter((field) => isNonNullType(field.type))
      .map((field) => [field.name, filler(field.type)]),
  );

interface Place {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

/** Inputs that only occur inside of other inputs. */
const inner = ['PermissionTermsInput'];
const places: [string, Place | undefined][] = inputs.map((input) => [input.name, placeOf(input)]);

/** Builds an operation that takes this input as its variable `$subject`. */
function placeOf(input: GraphQLInputObjectType): Place | undefined {
  const takes = ({ type }: GraphQLArgument) => getNamedType(type) === input;
  const fieldOf = (root: GraphQLObjectType) => Object.values(root.getFields()).find(({ args }) => args.some(takes));
  const root = roots.find(fieldOf);
  const field = root && fieldOf(root);
  if (!root || !field) return undefined;
  const needed = field.args.filter((argument) => takes(argument) || isNonNullType(argument.type));
  const nameOf = (argument: GraphQLArgument) => (takes(argument) ? 'subject' : argument.name);
  const declared = needed.map((argument) => `$${nameOf(argument)}: ${argument.type}`).join(', ');
  const given = needed.map((argument) => `${argument.name}: $${nameOf(argument)}`).join(', ');
  const selection = isObjectType(getNamedType(field.type)) ? '{ __typename }' : '';
  const others = needed.filter((argument) => !takes(argument)).map(({ name, type }) => [name, filler(type)]);
  const kind = root === schema.getMutationType() ? 'mutation' : 'query';
  return {
    query: `${kind} (${declared}) { ${field.name}(${given}) ${selection} }`,
    variables: { ...Object.fromEntries(others), subject: filled(input) },
  };
}

/** For fields that have a user as another argument. */
const somebody = () => ({ userId: admin.userId });

/** Values of every type, so that at least one fits the type of the field. */
const values = [true, 1, '-', null, '2030-01-01T00:00:00Z', [], {}];

test('there are columns and inputs to try', () => {
  expect(columns).toEqual(expect.arrayContaining(['passwordHash', 'password_hash', 'isAdmin', 'lockedUntil', 'level']));
  expect(inputs.length).toBeGreaterThan(15);
  for (const [name, place] of places) expect([name, place !== undefined]).toEqual([name, !inner.includes(name)]);
});

const fieldsOf = (name: string) => Object.keys((schema.getType(name) as GraphQLInputObjectType).getFields());

test.each(inputs.map(({ name }) => name))('%s names only columns that it is allowed', (name) => {
  const shared = fieldsOf(name).filter((field) => columns.includes(field));
  expect(shared.filter((field) => !allowed[field]?.includes(name))).toEqual([]);
});

describe.each(places.filter(([, place]) => place))('%s', (name, place) => {
  const known = fieldsOf(name);
  const ask = (query: string, subject: object) =>
    admin.ask(query, { ...place?.variables, ...(place?.variables['userId'] ? somebody() : {}), subject });

  test('takes no column that it does not name, interpreted or compiled', async () => {
    const query = String(place?.query);
    const valid = place?.variables['subject'] as object;
    expect((await ask(query, valid)).codes).toEqual([]);
    const before = await rows();
    for (const column of columns.filter((each) => !known.includes(each))) {
      const value = values[column.length % values.length];
      const { codes } = await ask(query, { ...valid, [column]: value });
      expect([column, codes]).toEqual([column, ['BAD_USER_INPUT']]);
    }
    expect(await rows()).toBe(before);
  });

  test('nor written into the document', async () => {
    const unknown = columns.filter((each) => !known.includes(each));
    const { query } = place ?? { query: '' };
    const literal = (column: string) =>
      query.replace(': $subject', `: { ${column}: null }`).replace(/\$subject: \w+!?,? ?/, '');
    for (const column of unknown.slice(0, 8)) {
      const { codes } = await admin.ask(literal(column).replace(' ()', ''));
      expect(new Set(codes)).toEqual(new Set(['GRAPHQL_VALIDATION_FAILED']));
    }
  });
});

const rows = async () =>
  JSON.stringify(await harness.app.services.database.sql.rows('select * from users order by id'));
