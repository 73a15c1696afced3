import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type GraphQLObjectType, isInterfaceType, isObjectType } from 'graphql';
import { guards, permissions } from '../../src/graphql/permissions.js';
import { buildPlainSchema } from '../../src/graphql/schema.js';
import { type Caller, type CallerName, callerNames, makeCallers } from '../support/callers.js';
import type { Json } from '../support/client.js';
import { Harness, password } from '../support/harness.js';
import { makers } from '../support/things.js';
import { type Ask, fresh, type Outcome, overHttp, transports } from '../support/transports.js';

// Who gets what: one page. Each row has a letter for each caller:
//
//   anonymous, stale credential
//   |  user, whose things it is about, and another user
//   |  |  support (user:read, user:unlock), manager (level 50, with everything for users and roles but user:administer),
//   |  |  administrator, and whose grant of the manager's role expired a second ago
//   |  |  |    API tokens of the administrator: scoped (user:read, profile:read), with all scopes, without any
//   |  |  |    |
//   UU .F ...F ..F
//
// Roles and accounts that are acted on are of level 60: above the manager, below the administrator.

/** Of top-level errors and of payloads: what depends on who asks. */
const letters: Record<string, string> = {
  UNAUTHENTICATED: 'U',
  FORBIDDEN: 'F',
  ABOVE_OWN_LEVEL: 'A',
  SYSTEM_ROLE: 'S',
  SCOPE_NOT_HELD: 'H',
  NOT_FOUND: 'N',
};
/** Let in, whatever is wrong with the input; null; and what `viewerCan…` says. */
const [answered, isNull, yes, no] = ['.', '-', 'Y', 'n'];

const start = Buffer.from(JSON.stringify(['0', '00000000-0000-4000-8000-000000000000'])).toString('base64url');

// biome-ignore format: a table is read by its columns
const roots: Record<string, [letters: string, operation: string]> = {
  'Query.viewer':                         ['-U .. .... ...', 'viewer { id }'],
  'Query.viewerSession':                  ['-U .. .... ---', 'viewerSession { id }'],
  'Query.node: User':                     ['UU .. .... ...', 'node(id: $user) { id }'],
  'Query.node: Role':                     ['UU -- -..- -.-', 'node(id: $chiefs) { id }'],
  'Query.node: Permission':               ['UU -- -..- -.-', 'node(id: $permission) { id }'],
  'Query.node: RoleGrant':                ['UU .- ...- ..-', 'node(id: $grant) { id }'],
  'Query.node: Session':                  ['UU .- ...- ..-', 'node(id: $session) { id }'],
  'Query.node: ApiToken':                 ['UU .- ...- ---', 'node(id: $apiToken) { id }'],
  'Query.node: SecurityEvent':            ['UU -- -..- -.-', 'node(id: $event) { id }'],
  'Query.node: Post':                     ['UU .- --.- -.-', 'node(id: $draft) { id }'],
  'Query.node: Comment':                  ['UU .- --.- -.-', 'node(id: $draftComment) { id }'],
  'Query.user':                           ['UU .. .... ...', 'user(id: $user) { id }'],
  'Query.accessDecision':                 ['UU .F ...F ..F', 'accessDecision(userId: $user, check: { action: "-", resource: "-" }) { allowed }'],
  'Query.passwordStrength':               ['.. .. .... ...', 'passwordStrength(password: "-") { score }'],
  'Query.posts':                          ['.. .. .... ...', 'posts { totalCount }'],
  'Query.post':                           ['.. .. .... ...', 'post(id: $post) { id }'],
  'Query.post: a draft':                  ['-- .- --.- -.-', 'post(id: $draft) { id }'],
  'Query.users':                          ['UU FF ...F ..F', 'users { totalCount }'],
  'Query.role':                           ['UU FF F..F F.F', 'role(id: $chiefs) { id }'],
  'Query.roles':                          ['UU FF F..F F.F', 'roles { id }'],
  'Query.permissionCatalogue':            ['UU FF F..F F.F', 'permissionCatalogue { resource }'],
  'Query.previewRoleChange':              ['UU FF FA.F F.F', 'previewRoleChange(input: { roleId: $chiefs, delete: true }) { errors { code } }'],
  'Query.securityEvents':                 ['UU FF F..F F.F', 'securityEvents { totalCount }'],

  // own account, anonymous
  'Mutation.register':                    ['.. .. .... ...', 'register(input: { username: "-", email: "-", password: "-" }) { errors { code } }'],
  'Mutation.verifyEmail':                 ['.. .. .... ...', 'verifyEmail(input: { token: "-" }) { errors { code } }'],
  'Mutation.resendVerificationEmail':     ['.. .. .... ...', 'resendVerificationEmail(input: { email: "-" }) { errors { code } }'],
  'Mutation.login':                       ['.. .. .... ...', 'login(input: { identifier: "-", password: "-" }) { errors { code } }'],
  'Mutation.completeTwoFactorLogin':      ['.. .. .... ...', 'completeTwoFactorLogin(input: { challengeToken: "-", code: "-" }) { errors { code } }'],
  'Mutation.refreshSession':              ['.. .. .... ...', 'refreshSession(input: { refreshToken: "-" }) { errors { code } }'],
  'Mutation.requestPasswordReset':        ['.. .. .... ...', 'requestPasswordReset(input: { email: "-" }) { errors { code } }'],
  'Mutation.resetPassword':               ['.. .. .... ...', 'resetPassword(input: { token: "-", newPassword: "-" }) { errors { code } }'],
  'Mutation.confirmEmailChange':          ['.. .. .... ...', 'confirmEmailChange(input: { token: "-" }) { errors { code } }'],
  'Mutation.undoEmailChange':             ['.. .. .... ...', 'undoEmailChange(input: { token: "-" }) { errors { code } }'],

  // own account, signed in
  'Mutation.updateProfile':               ['UU .. .... F.F', 'updateProfile(input: { bio: null }) { errors { code } }'],
  'Mutation.changePassword':              ['UU .. .... FFF', 'changePassword(input: { currentPassword: "-", newPassword: "-" }) { errors { code } }'],
  'Mutation.requestEmailChange':          ['UU .. .... FFF', 'requestEmailChange(input: { newEmail: "-", currentPassword: "-" }) { errors { code } }'],
  'Mutation.beginTwoFactorEnrollment':    ['UU .. .... FFF', 'beginTwoFactorEnrollment(input: { currentPassword: "-" }) { errors { code } }'],
  'Mutation.confirmTwoFactorEnrollment':  ['UU .. .... FFF', 'confirmTwoFactorEnrollment(input: { code: "-" }) { errors { code } }'],
  'Mutation.disableTwoFactor':            ['UU .. .... FFF', 'disableTwoFactor(input: { currentPassword: "-", code: "-" }) { errors { code } }'],
  'Mutation.regenerateRecoveryCodes':     ['UU .. .... FFF', 'regenerateRecoveryCodes(input: { currentPassword: "-", code: "-" }) { errors { code } }'],
  'Mutation.createApiToken':              ['UU .. .... FFF', 'createApiToken(input: { name: "", scopes: [] }) { errors { code } }'],
  'Mutation.createApiToken: for reading users':['UU HH ...H FFF', 'createApiToken(input: { name: $name, scopes: ["user:read"] }) { errors { code } }'],
  'Mutation.revokeApiToken':              ['UU .N N..N FFF', 'revokeApiToken(input: { apiTokenId: $newApiToken }) { errors { code } }'],
  'Mutation.logout':                      ['UU .. .... FFF', 'logout { errors { code } }'],
  'Mutation.revokeSession':               ['UU .N N..N FFF', 'revokeSession(input: { sessionId: $newSession }) { errors { code } }'],
  'Mutation.revokeOtherSessions':         ['UU .. .... FFF', 'revokeOtherSessions { errors { code } }'],
  'Mutation.deleteOwnAccount':            ['UU .. .... FFF', 'deleteOwnAccount(input: { currentPassword: "-" }) { errors { code } }'],

  // posts and comments
  'Mutation.createPost':                  ['UU .. .... F.F', 'createPost(input: { title: "a", body: "b" }) { errors { code } }'],
  'Mutation.updatePost':                  ['UU .F FF.F F.F', 'updatePost(input: { postId: $post }) { errors { code } }'],
  'Mutation.publishPost':                 ['UU .N NN.N F.F', 'publishPost(input: { postId: $newDraft }) { errors { code } }'],
  'Mutation.unpublishPost':               ['UU .F FF.F F.F', 'unpublishPost(input: { postId: $newPost }) { errors { code } }'],
  'Mutation.deletePost':                  ['UU .F FF.F F.F', 'deletePost(input: { postId: $newPost }) { errors { code } }'],
  'Mutation.createComment':               ['UU .. .... F.F', 'createComment(input: { postId: $post, body: "a" }) { errors { code } }'],
  'Mutation.updateComment':               ['UU .F FF.F F.F', 'updateComment(input: { commentId: $comment, body: "b" }) { errors { code } }'],
  'Mutation.deleteComment':               ['UU .F FF.F F.F', 'deleteComment(input: { commentId: $newComment }) { errors { code } }'],

  // administration
  'Mutation.createUser':                  ['UU FF FA.F F.F', `createUser(input: { username: $name, email: $address, password: "${password}", roleIds: [$chiefs] }) { errors { code } }`],
  'Mutation.updateUser':                  ['UU FF FA.F F.F', 'updateUser(input: { userId: $chief }) { errors { code } }'],
  'Mutation.setAdministrator':            ['UU FF FF.F FFF', 'setAdministrator(input: { userId: $newChief, isAdmin: true }) { errors { code } }'],
  'Mutation.deactivateUser':              ['UU FF FA.F F.F', 'deactivateUser(input: { userId: $newChief }) { errors { code } }'],
  'Mutation.reactivateUser':              ['UU FF FA.F F.F', 'reactivateUser(input: { userId: $chief }) { errors { code } }'],
  'Mutation.unlockUser':                  ['UU FF AA.F F.F', 'unlockUser(input: { userId: $chief }) { errors { code } }'],
  'Mutation.deleteUser':                  ['UU FF FA.F F.F', 'deleteUser(input: { userId: $newChief }) { errors { code } }'],
  'Mutation.revokeUserSessions':          ['UU FF FA.F FFF', 'revokeUserSessions(input: { userId: $chief }) { errors { code } }'],
  'Mutation.createRole':                  ['UU FF FA.F F.F', 'createRole(input: { name: $name, level: 60 }) { errors { code } }'],
  'Mutation.updateRole':                  ['UU FF FA.F F.F', 'updateRole(input: { roleId: $chiefs }) { errors { code } }'],
  'Mutation.updateRole: a system role':   ['UU FF FSSF FSF', 'updateRole(input: { roleId: $everyone, name: "a" }) { errors { code } }'],
  'Mutation.deleteRole':                  ['UU FF FA.F F.F', 'deleteRole(input: { roleId: $newRole }) { errors { code } }'],
  'Mutation.deleteRole: a system role':   ['UU FF FSSF FSF', 'deleteRole(input: { roleId: $everyone }) { errors { code } }'],
  'Mutation.addPermission':               ['UU FF FA.F F.F', 'addPermission(input: { roleId: $newRole, resource: "role", action: "read" }) { errors { code } }'],
  'Mutation.addPermission: beyond the scopes': ['UU FF FA.F FAF', 'addPermission(input: { roleId: $newRole, resource: "invoice", action: "pay" }) { errors { code } }'],
  'Mutation.removePermission':            ['UU FF FA.F F.F', 'removePermission(input: { permissionId: $newPermission }) { errors { code } }'],
  'Mutation.grantRole':                   ['UU FF FA.F F.F', 'grantRole(input: { userId: $newAccount, roleId: $chiefs }) { errors { code } }'],
  'Mutation.grantRole: a system role':    ['UU FF FSSF FSF', 'grantRole(input: { userId: $user, roleId: $everyone }) { errors { code } }'],
  'Mutation.revokeRole':                  ['UU FF FA.F F.F', 'revokeRole(input: { userId: $newChief, roleId: $chiefs }) { errors { code } }'],
  'Mutation.revokeRole: a system role':   ['UU FF FSSF FSF', 'revokeRole(input: { userId: $user, roleId: $everyone }) { errors { code } }'],

  'Subscription.sessionEvents':           ['UU .. .... F.F', `sessionEvents(after: "${start}") { cursor }`],
  'Subscription.securityEvents':          ['UU FF F..F F.F', `securityEvents(after: "${start}") { cursor }`],};

/** Of the account of `user`: as everyone may try to read it, and as the callers read their own. */
// biome-ignore format: a table is read by its columns
const ofAccount: Record<keyof typeof guards.User, [letters: string, ofOneself: string, field: string]> = {
  email:              ['UU .F ...F ..F', '-U .. .... ..F', 'email'],
  isVerified:         ['UU .F ...F ..F', '-U .. .... ..F', 'isVerified'],
  isActive:           ['UU .F ...F ..F', '-U .. .... ..F', 'isActive'],
  isAdmin:            ['UU .F ...F ..F', '-U .. .... ..F', 'isAdmin'],
  isLocked:           ['UU .F ...F ..F', '-U .. .... ..F', 'isLocked'],
  lockedUntil:        ['UU .F ...F ..F', '-U .. .... ..F', 'lockedUntil'],
  timezone:           ['UU .F ...F ..F', '-U .. .... ..F', 'timezone'],
  language:           ['UU .F ...F ..F', '-U .. .... ..F', 'language'],
  emailNotifications: ['UU .F ...F ..F', '-U .. .... ..F', 'emailNotifications'],
  lastLoginAt:        ['UU .F ...F ..F', '-U .. .... ..F', 'lastLoginAt'],
  passwordChangedAt:  ['UU .F ...F ..F', '-U .. .... ..F', 'passwordChangedAt'],
  twoFactorEnabled:   ['UU .F ...F ..F', '-U .. .... ..F', 'twoFactorEnabled'],
  roles:              ['UU .F ...F ..F', '-U .. .... ..F', 'roles { id }'],
  grants:             ['UU .F ...F ..F', '-U .. .... ..F', 'grants { id }'],
  can:                ['UU .F ...F ..F', '-U .. .... ..F', 'can(checks: [{ action: "read", resource: "post" }])'],
  permissions:        ['UU .F ...F ..F', '-U .. .... ..F', 'permissions { id }'],
  abilityRules:       ['UU .F ...F ..F', '-U .. .... ..F', 'abilityRules'],
  apiTokens:          ['UU .F ...F FFF', '-U .. .... FFF', 'apiTokens { id }'],
  statistics:         ['UU .F ...F ..F', '-U .. .... ..F', 'statistics { postsCount }'],
  sessions:           ['UU .F ...F ..F', '-U .. .... ..F', 'sessions { id }'],};

/** The other fields that are decided by who asks. */
// biome-ignore format: a table is read by its columns
const fields: Record<string, [letters: string, operation: string]> = {
  'Role.users':                    ['-U FF ...F ..F', 'viewer { roles { users { totalCount } } }'],
  'SecurityEvent.session':         ['UU -- -..- -.-', 'node(id: $event) { ... on SecurityEvent { session { id } } }'],
  'Comment.post':                  ['UU .- --.- -.-', 'node(id: $draftComment) { ... on Comment { post { id } } }'],

  // of an account of level 60
  'User.viewerCanUpdate':          ['nn nn nnYn nYn', 'post(id: $postOfChief) { author { viewerCanUpdate } }'],
  'User.viewerCanDelete':          ['nn nn nnYn nYn', 'post(id: $postOfChief) { author { viewerCanDelete } }'],
  'User.viewerCanDeactivate':      ['nn nn nnYn nYn', 'post(id: $postOfChief) { author { viewerCanDeactivate } }'],
  'User.viewerCanUnlock':          ['nn nn nnYn nYn', 'post(id: $postOfChief) { author { viewerCanUnlock } }'],
  'User.viewerCanSetAdministrator':['nn nn nnYn nnn', 'post(id: $postOfChief) { author { viewerCanSetAdministrator } }'],

  // of a role of level 60
  'Role.viewerCanUpdate':          ['UU FF FnYF FYF', 'role(id: $chiefs) { viewerCanUpdate }'],
  'Role.viewerCanDelete':          ['UU FF FnYF FYF', 'role(id: $chiefs) { viewerCanDelete }'],
  'Role.viewerCanGrant':           ['UU FF FnYF FYF', 'role(id: $chiefs) { viewerCanGrant }'],

  // of a post and a comment of the user
  'Post.viewerCanUpdate':          ['nn Yn nnYn nYn', 'post(id: $post) { viewerCanUpdate }'],
  'Post.viewerCanPublish':         ['nn Yn nnYn nYn', 'post(id: $post) { viewerCanPublish }'],
  'Post.viewerCanDelete':          ['nn Yn nnYn nYn', 'post(id: $post) { viewerCanDelete }'],
  'Post.viewerCanComment':         ['nn YY YYYY nYn', 'post(id: $post) { viewerCanComment }'],
  'Comment.viewerCanUpdate':       ['nn Yn nnYn nYn', 'post(id: $post) { comments { nodes { viewerCanUpdate } } }'],
  'Comment.viewerCanDelete':       ['nn Yn nnYn nYn', 'post(id: $post) { comments { nodes { viewerCanDelete } } }'],};

/** All roads to an account. The last is public, so that the guard alone stands before the field. */
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
    expect(
      Object.keys(roots)
        .filter((name) => name.startsWith('Query.node'))
        .sort(),
    ).toEqual(kinds.sort());
  });

  test('every guarded field, and every one that tells what the caller can do', () => {
    const told = types.flatMap(fieldsOf).filter((field) => /\.viewerCan/.test(field));
    expect(fieldsIn(fieldRows)).toEqual([...namesOf(guards), ...told, 'Comment.post'].sort());
  });

  test('in every row what the row is about, and a letter for every caller', () => {
    for (const [name, row, operation] of [...rowsOf(roots), ...fieldRows]) {
      expect(operation).toMatch(new RegExp(`\\b${/\.(\w+)/.exec(name)?.[1]}\\b`));
      expect([name, row]).toEqual([name, expect.stringMatching(/^[UFASHN.Yn-]{2} [^ ]{2} [^ ]{4} [^ ]{3}$/)]);
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

/** Every caller asks twice: interpreted and compiled operations take different roads to the resolvers. */
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

/** Nothing is told of what is refused. */
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
  return value === null ? isNull : ((code && letters[code]) ?? answered);
}

function ofField(data: Json, field: string): string {
  const value = leaf(data, field);
  if (value === undefined) return isNull;
  return field.startsWith('viewerCan') ? (value ? yes : no) : answered;
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
