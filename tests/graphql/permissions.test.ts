import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { permissions } from '../../src/graphql/permissions.js';
import { buildPlainSchema } from '../../src/graphql/schema.js';
import { administrator, Harness, password } from '../support/harness.js';
import { fresh, transports } from '../support/transports.js';

const nobody = '00000000-0000-4000-8000-000000000000';
const start = Buffer.from(JSON.stringify(['0', nobody])).toString('base64url');

const none = 'UNAUTHENTICATED';
const denied = 'FORBIDDEN';
const absent = 'BAD_USER_INPUT';
const ok = undefined;
type Code = string | undefined;
type Codes = [anonymous: Code, stale: Code, user: Code, administrator: Code, apiToken: Code, withoutScopes: Code];
const everybody: Codes = [ok, ok, ok, ok, ok, ok];
const unlessStale: Codes = [ok, none, ok, ok, ok, ok];
const signedIn: Codes = [none, none, ok, ok, ok, ok];
const inSession: Codes = [none, none, ok, ok, denied, denied];
const oneself: Codes = [none, none, ok, ok, ok, denied];
const administrators: Codes = [none, none, denied, ok, ok, denied];
const administratorsInSession: Codes = [none, none, denied, ok, denied, denied];

/** Every scope there is a use for. */
const allScopes = [
  'user:*',
  'role:*',
  'profile:*',
  'session:*',
  'security-event:*',
  'api-token:*',
  'post:*',
  'comment:*',
  'password:*',
  'two-factor:*',
];

/**
 * What anonymous, stale, user and administrator are answered, and an administrator's API token with all
 * scopes and with none; `ok` is no top-level error. Whatever touches credentials is FORBIDDEN to both tokens.
 */
// biome-ignore format: a table is read by its columns
const matrix: Record<string, [operation: string, codes: Codes]> = {
  'Query.viewer': ['{ viewer { id } }', unlessStale],
  'Query.viewerSession': ['{ viewerSession { id } }', unlessStale],
  'Query.node': [`{ node(id: "${nobody}") { id } }`, signedIn],
  'Query.user': [`{ user(id: "${nobody}") { id } }`, signedIn],
  'Query.users': ['{ users { totalCount } }', administrators],
  'Query.role': [`{ role(id: "${nobody}") { id } }`, administrators],
  'Query.roles': ['{ roles { id } }', administrators],
  'Query.permissionCatalogue': ['{ permissionCatalogue { resource } }', administrators],
  'Query.previewRoleChange': [`{ previewRoleChange(input: { roleId: "${nobody}" delete: true }) { errors { code } } }`, administrators],
  'Query.securityEvents': ['{ securityEvents { totalCount } }', administrators],
  'Query.accessDecision': [`{ accessDecision(userId: "${nobody}", check: { action: "-", resource: "-" }) { allowed } }`, [none, none, denied, absent, absent, denied]],
  'Query.passwordStrength': ['{ passwordStrength(password: "-") { score } }', everybody],
  'Mutation.register': ['mutation { register(input: { username: "-", email: "-", password: "-" }) { errors { code } } }', everybody],
  'Mutation.verifyEmail': ['mutation { verifyEmail(input: { token: "-" }) { errors { code } } }', everybody],
  'Mutation.resendVerificationEmail': ['mutation { resendVerificationEmail(input: { email: "-" }) { errors { code } } }', everybody],
  'Mutation.login': ['mutation { login(input: { identifier: "-", password: "-" }) { errors { code } } }', everybody],
  'Mutation.requestPasswordReset': ['mutation { requestPasswordReset(input: { email: "-" }) { errors { code } } }', everybody],
  'Mutation.resetPassword': ['mutation { resetPassword(input: { token: "-", newPassword: "-" }) { errors { code } } }', everybody],
  'Mutation.changePassword': ['mutation { changePassword(input: { currentPassword: "-", newPassword: "-" }) { errors { code } } }', inSession],
  'Mutation.requestEmailChange': ['mutation { requestEmailChange(input: { newEmail: "-", currentPassword: "-" }) { errors { code } } }', inSession],
  'Mutation.confirmEmailChange': ['mutation { confirmEmailChange(input: { token: "-" }) { errors { code } } }', everybody],
  'Mutation.undoEmailChange': ['mutation { undoEmailChange(input: { token: "-" }) { errors { code } } }', everybody],
  'Mutation.refreshSession': ['mutation { refreshSession(input: { refreshToken: "-" }) { errors { code } } }', everybody],
  'Mutation.logout': ['mutation { logout { errors { code } } }', inSession],
  'Mutation.createApiToken': ['mutation { createApiToken(input: { name: "", scopes: [] }) { errors { code } } }', inSession],
  'Mutation.revokeApiToken': [`mutation { revokeApiToken(input: { apiTokenId: "${nobody}" }) { errors { code } } }`, inSession],
  'Mutation.revokeSession': ['mutation { revokeSession(input: { sessionId: "-" }) { errors { code } } }', inSession],
  'Mutation.revokeOtherSessions': ['mutation { revokeOtherSessions { errors { code } } }', inSession],
  'Mutation.revokeUserSessions': ['mutation { revokeUserSessions(input: { userId: "-" }) { errors { code } } }', administratorsInSession],
  'Mutation.completeTwoFactorLogin': ['mutation { completeTwoFactorLogin(input: { challengeToken: "-", code: "-" }) { errors { code } } }', everybody],
  'Mutation.beginTwoFactorEnrollment': ['mutation { beginTwoFactorEnrollment(input: { currentPassword: "-" }) { errors { code } } }', inSession],
  'Mutation.confirmTwoFactorEnrollment': ['mutation { confirmTwoFactorEnrollment(input: { code: "-" }) { errors { code } } }', inSession],
  'Mutation.disableTwoFactor': ['mutation { disableTwoFactor(input: { currentPassword: "-", code: "-" }) { errors { code } } }', inSession],
  'Mutation.regenerateRecoveryCodes': ['mutation { regenerateRecoveryCodes(input: { currentPassword: "-", code: "-" }) { errors { code } } }', inSession],
  'Mutation.createUser': ['mutation { createUser(input: { username: "-", email: "-", password: "-" }) { errors { code } } }', administrators],
  'Mutation.updateProfile': ['mutation { updateProfile(input: {}) { errors { code } } }', oneself],
  'Mutation.deleteOwnAccount': ['mutation { deleteOwnAccount(input: { currentPassword: "-" }) { errors { code } } }', inSession],
  'Mutation.updateUser': [`mutation { updateUser(input: { userId: "${nobody}" }) { errors { code } } }`, administrators],
  'Mutation.setAdministrator': [`mutation { setAdministrator(input: { userId: "${nobody}" isAdmin: true }) { errors { code } } }`, administratorsInSession],
  'Mutation.deactivateUser': [`mutation { deactivateUser(input: { userId: "${nobody}" }) { errors { code } } }`, administrators],
  'Mutation.reactivateUser': [`mutation { reactivateUser(input: { userId: "${nobody}" }) { errors { code } } }`, administrators],
  'Mutation.unlockUser': [`mutation { unlockUser(input: { userId: "${nobody}" }) { errors { code } } }`, administrators],
  'Mutation.deleteUser': [`mutation { deleteUser(input: { userId: "${nobody}" }) { errors { code } } }`, administrators],
  'Mutation.createRole': ['mutation { createRole(input: { name: "-", level: 0 }) { errors { code } } }', administrators],
  'Mutation.updateRole': ['mutation { updateRole(input: { roleId: "-" }) { errors { code } } }', administrators],
  'Mutation.deleteRole': ['mutation { deleteRole(input: { roleId: "-" }) { errors { code } } }', administrators],
  'Mutation.addPermission': ['mutation { addPermission(input: { roleId: "-", resource: "-", action: "-" }) { errors { code } } }', administrators],
  'Mutation.removePermission': ['mutation { removePermission(input: { permissionId: "-" }) { errors { code } } }', administrators],
  'Mutation.grantRole': [`mutation { grantRole(input: { userId: "-", roleId: "-" }) { errors { code } } }`, administrators],
  'Mutation.revokeRole': [`mutation { revokeRole(input: { userId: "-", roleId: "-" }) { errors { code } } }`, administrators],
  'Query.posts': ['{ posts { totalCount } }', everybody],
  'Query.post': [`{ post(id: "${nobody}") { id } }`, everybody],
  'Mutation.createPost': ['mutation { createPost(input: { title: "", body: "" }) { errors { code } } }', oneself],
  'Mutation.updatePost': [`mutation { updatePost(input: { postId: "${nobody}" }) { errors { code } } }`, oneself],
  'Mutation.publishPost': [`mutation { publishPost(input: { postId: "${nobody}" }) { errors { code } } }`, oneself],
  'Mutation.unpublishPost': [`mutation { unpublishPost(input: { postId: "${nobody}" }) { errors { code } } }`, oneself],
  'Mutation.deletePost': [`mutation { deletePost(input: { postId: "${nobody}" }) { errors { code } } }`, oneself],
  'Mutation.createComment': [`mutation { createComment(input: { postId: "${nobody}", body: "-" }) { errors { code } } }`, oneself],
  'Mutation.updateComment': [`mutation { updateComment(input: { commentId: "${nobody}", body: "-" }) { errors { code } } }`, oneself],
  'Mutation.deleteComment': [`mutation { deleteComment(input: { commentId: "${nobody}" }) { errors { code } } }`, oneself],
  'Subscription.sessionEvents': [`subscription { sessionEvents(after: "${start}") { cursor } }`, oneself],
  'Subscription.securityEvents': [`subscription { securityEvents(after: "${start}") { cursor } }`, administrators],
};

const roots = () => {
  const schema = buildPlainSchema();
  const types = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  return types.flatMap((type) => Object.keys(type?.getFields() ?? {}).map((field) => `${type?.name}.${field}`)).sort();
};

test('every root field has a line in the rule table, and one in this matrix', () => {
  const lines = Object.entries(permissions).flatMap(([type, rows]) =>
    Object.keys(rows).map((field) => `${type}.${field}`),
  );
  expect(lines.sort()).toEqual(roots());
  expect(Object.keys(matrix).sort()).toEqual(roots());
  for (const [field, [, codes]] of Object.entries(matrix)) expect([field, codes.length]).toEqual([field, 6]);
});

describe('who may run what', () => {
  let harness: Harness;
  let stale: string | undefined;
  let apiTokens: string[];
  const signIn = async (username: string) => {
    const client = harness.client();
    await client.login(username, password);
    return client.token;
  };
  beforeAll(async () => {
    harness = await Harness.start();
    const person = await harness.person('user.one');
    stale = person.token;
    await person.ask('mutation { logout { errors { code } } }');
    const admin = await harness.admin();
    const made = [allScopes, []].map((scopes) => admin.mutate('createApiToken', { name: 'matrix', scopes }, 'token'));
    apiTokens = (await Promise.all(made)).map(({ token }) => String(token));
  });
  afterAll(() => harness.close());

  // Each asker signs in anew: logout ends what it is given.
  const callers: [string, () => Promise<string | undefined>][] = [
    ['anonymous', async () => undefined],
    ['stale', async () => stale],
    ['user', () => signIn('user.one')],
    ['administrator', () => signIn(administrator.username)],
    ['an API token', async () => apiTokens[0]],
    ['an API token without scopes', async () => apiTokens[1]],
  ];
  const cells = transports.flatMap(([transport, ask]) =>
    Object.entries(matrix).flatMap(([field, [query, codes]]) =>
      callers.map(([caller, token], place) => ({
        name: `${field} for ${caller} over ${transport}`,
        ask,
        query,
        token,
        expected: [
          ...(transport === 'HTTP' && query.startsWith('subscription') ? ['BAD_USER_INPUT'] : [codes[place]]),
        ].filter((code) => code !== ok),
      })),
    ),
  );

  test.each(cells)('$name', async ({ ask, query, token, expected }) => {
    // Interpreted and compiled operations take different roads to the resolvers.
    const document = fresh(query);
    for (const way of ['interpreted', 'compiled'])
      expect([way, (await ask(harness.app.url, { query: document, token: await token() })).codes]).toEqual([
        way,
        expected,
      ]);
  });
});
