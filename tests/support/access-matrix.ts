import type { guards } from '../../src/api/permissions.js';
import { days } from '../../src/clock.js';
import { password } from './harness.js';

// The access matrix on one page. Each row has one letter per caller (see callers.ts):
//
//   anonymous, and an ended session
//   |  user, who owns the things that are acted on, and another user
//   |  |  support (user:read, user:unlock), manager (level 50, all permissions for users, roles and security events
//   |  |  except user:administer), administrator, and a former manager whose grant expired a second ago
//   |  |  |    API tokens of the administrator: with user:read and profile:read, with all scopes, without scopes
//   |  |  |    |
//   UU .F ...F ..F
//
// Roles and accounts that are acted on have level 60: above the manager, below the administrator.

/** Letters for the codes of top-level errors and payload errors that depend on the caller. */
export const letters: Record<string, string> = {
  UNAUTHENTICATED: 'U',
  FORBIDDEN: 'F',
  ABOVE_OWN_LEVEL: 'A',
  SYSTEM_ROLE: 'S',
  SCOPE_NOT_HELD: 'H',
  JOB_EXPIRED: 'X',
  NOT_FOUND: 'N',
};
/** Letters for: done; allowed, but the input was refused; null; `viewerCan…` true; `viewerCan…` false. */
export const [done, letIn, isNull, yes, no] = ['.', 'i', '-', 'Y', 'n'];

const tomorrow = new Date(Date.now() + days(1)).toISOString();
const start = Buffer.from(JSON.stringify(['0', '00000000-0000-4000-8000-000000000000'])).toString('base64url');

// biome-ignore format: a table is read by its columns
export const roots: Record<string, [letters: string, operation: string]> = {
  'Query.viewer':                               ['-U .. .... ...', 'viewer { id }'],
  'Query.viewerSession':                        ['-U .. .... ---', 'viewerSession { id }'],
  'Query.node: User':                           ['UU .. .... ...', 'node(id: $user) { id }'],
  'Query.node: Role':                           ['UU -- -..- -.-', 'node(id: $chiefs) { id }'],
  'Query.node: Permission':                     ['UU -- -..- -.-', 'node(id: $permission) { id }'],
  'Query.node: RoleGrant':                      ['UU .- ...- ..-', 'node(id: $grant) { id }'],
  'Query.node: Session':                        ['UU .- ...- ..-', 'node(id: $session) { id }'],
  'Query.node: ApiToken':                       ['UU .- ...- ---', 'node(id: $apiToken) { id }'],
  'Query.node: SecurityEvent':                  ['UU .- -..- -.-', 'node(id: $event) { id }'],
  'Query.node: Post':                           ['UU .- --.- -.-', 'node(id: $draft) { id }'],
  'Query.node: Comment':                        ['UU .- --.- -.-', 'node(id: $draftComment) { id }'],
  'Query.user':                                 ['UU .. .... ...', 'user(id: $user) { id }'],
  'Query.accessDecision':                       ['UU .F ...F ..F', 'accessDecision(userId: $user, check: { action: "-", resource: "-" }) { allowed }'],
  'Query.accessChanges':                        ['UU .F ...F ..F', 'accessChanges(userId: $user, check: { action: "-", resource: "-" }) { nodes { at } }'],
  'Query.passwordStrength':                     ['.. .. .... ...', 'passwordStrength(password: "-") { score }'],
  'Query.posts':                                ['.. .. .... ...', 'posts { totalCount }'],
  'Query.post':                                 ['.. .. .... ...', 'post(id: $post) { id }'],
  'Query.post: a draft':                        ['-- .- --.- -.-', 'post(id: $draft) { id }'],
  'Query.users':                                ['UU FF ...F ..F', 'users { totalCount }'],
  'Query.allowedUsers':                         ['UU FF ...F ..F', 'allowedUsers(check: { action: "-", resource: "-" }) { nodes { reason } }'],
  'Query.role':                                 ['UU FF F..F F.F', 'role(id: $chiefs) { id }'],
  'Query.roles':                                ['UU FF F..F F.F', 'roles { id }'],
  'Query.rolesConnection':                      ['UU FF F..F F.F', 'rolesConnection { totalCount }'],
  'Query.permissionCatalogue':                  ['UU FF F..F F.F', 'permissionCatalogue { resource }'],
  'Query.previewRoleChange':                    ['UU FF FA.F F.F', 'previewRoleChange(input: { roleId: $chiefs, delete: true }) { errors { code } }'],
  'Query.securityEvents':                       ['UU FF F..F F.F', 'securityEvents { totalCount }'],
  'Query.securityEventVerification':            ['UU FF F..F F.F', 'securityEventVerification { verified }'],
  'Query.securityStatistics':                   ['UU FF F..F F.F', 'securityStatistics(from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z", interval: HOUR) { isComplete }'],
  'Query.securityOverview':                     ['UU FF F..F F.F', 'securityOverview { streams }'],
  'Query.unusualActivity':                      ['UU FF F..F F.F', 'unusualActivity(since: "2026-01-01T00:00:00Z") { kind }'],
  'Query.roleGrants':                           ['UU FF F..F F.F', 'roleGrants(endingBefore: "2026-01-01T00:00:00Z") { totalCount }'],
  'Query.failedJobs':                           ['UU FF FF.F F.F', 'failedJobs { totalCount }'],
  'Query.jobs':                                 ['UU FF FF.F F.F', 'jobs { nodes { id mail { kind } } }'],
  'Query.jobCounts':                            ['UU FF FF.F F.F', 'jobCounts { waiting }'],
  'Query.sessions':                             ['UU FF ...F ..F', 'sessions { totalCount }'],
  'Query.apiTokens':                            ['UU FF ...F FFF', 'apiTokens { totalCount }'],
  'Query.signingKeys':                          ['UU FF FF.F F.F', 'signingKeys { kid }'],
  'Query.settings':                             ['UU FF FF.F F.F', 'settings { version }'],

  // own account, anonymous
  'Mutation.register':                          ['ii ii iiii iii', 'register(input: { username: "-", email: "-", password: "-" }) { errors { code } }'],
  'Mutation.verifyEmail':                       ['ii ii iiii iii', 'verifyEmail(input: { token: "-" }) { errors { code } }'],
  'Mutation.disownRegistration':                ['ii ii iiii iii', 'disownRegistration(input: { token: "-" }) { errors { code } }'],
  'Mutation.resendVerificationEmail':           ['.. .. .... ...', 'resendVerificationEmail(input: { email: "-" }) { errors { code } }'],
  'Mutation.login':                             ['ii ii iiii iii', 'login(input: { identifier: "-", password: "-" }) { errors { code } }'],
  'Mutation.completeTwoFactorLogin':            ['ii ii iiii iii', 'completeTwoFactorLogin(input: { challengeToken: "-", code: "-" }) { errors { code } }'],
  'Mutation.refreshSession':                    ['ii ii iiii iii', 'refreshSession(input: { refreshToken: "-" }) { errors { code } }'],
  'Mutation.requestPasswordReset':              ['.. .. .... ...', 'requestPasswordReset(input: { email: "-" }) { errors { code } }'],
  'Mutation.resetPassword':                     ['ii ii iiii iii', 'resetPassword(input: { token: "-", newPassword: "-" }) { errors { code } }'],
  'Mutation.confirmEmailChange':                ['ii ii iiii iii', 'confirmEmailChange(input: { token: "-" }) { errors { code } }'],
  'Mutation.undoEmailChange':                   ['ii ii iiii iii', 'undoEmailChange(input: { token: "-" }) { errors { code } }'],

  // own account, signed in
  'Mutation.updateProfile':                     ['UU .. .... F.F', 'updateProfile(input: { bio: null }) { errors { code } }'],
  'Mutation.reauthenticate':                    ['UU ii iiii FFF', 'reauthenticate(input: { password: "-" }) { errors { code } }'],
  'Mutation.changePassword':                    ['UU ii iiii FFF', 'changePassword(input: { currentPassword: "-", newPassword: "-" }) { errors { code } }'],
  'Mutation.requestEmailChange':                ['UU ii iiii FFF', 'requestEmailChange(input: { newEmail: "-", currentPassword: "-" }) { errors { code } }'],
  'Mutation.beginTwoFactorEnrollment':          ['UU ii iiii FFF', 'beginTwoFactorEnrollment(input: { currentPassword: "-" }) { errors { code } }'],
  'Mutation.confirmTwoFactorEnrollment':        ['UU ii iiii FFF', 'confirmTwoFactorEnrollment(input: { code: "-" }) { errors { code } }'],
  'Mutation.disableTwoFactor':                  ['UU ii iiii FFF', 'disableTwoFactor(input: { currentPassword: "-", code: "-" }) { errors { code } }'],
  'Mutation.regenerateRecoveryCodes':           ['UU ii iiii FFF', 'regenerateRecoveryCodes(input: { currentPassword: "-", code: "-" }) { errors { code } }'],
  'Mutation.createApiToken':                    ['UU ii iiii FFF', 'createApiToken(input: { name: "", scopes: [] }) { errors { code } }'],
  'Mutation.createApiToken: for reading users': ['UU HH ...H FFF', 'createApiToken(input: { name: $name, scopes: ["user:read"] }) { errors { code } }'],
  'Mutation.revokeApiToken':                    ['UU .N N..N FFF', 'revokeApiToken(input: { apiTokenId: $newApiToken }) { errors { code } }'],
  'Mutation.logout':                            ['UU .. .... FFF', 'logout { errors { code } }'],
  'Mutation.revokeSession':                     ['UU .N N..N FFF', 'revokeSession(input: { sessionId: $newSession }) { errors { code } }'],
  'Mutation.revokeOtherSessions':               ['UU .. .... FFF', 'revokeOtherSessions { errors { code } }'],
  'Mutation.deleteOwnAccount':                  ['UU ii iiii FFF', 'deleteOwnAccount(input: { currentPassword: "-" }) { errors { code } }'],

  // posts and comments
  'Mutation.createPost':                        ['UU .. .... F.F', 'createPost(input: { title: "a", body: "b" }) { errors { code } }'],
  'Mutation.updatePost':                        ['UU .F FF.F F.F', 'updatePost(input: { postId: $post }) { errors { code } }'],
  'Mutation.publishPost':                       ['UU .N NN.N F.F', 'publishPost(input: { postId: $newDraft }) { errors { code } }'],
  'Mutation.unpublishPost':                     ['UU .F FF.F F.F', 'unpublishPost(input: { postId: $newPost }) { errors { code } }'],
  'Mutation.deletePost':                        ['UU .F FF.F F.F', 'deletePost(input: { postId: $newPost }) { errors { code } }'],
  'Mutation.createComment':                     ['UU .. .... F.F', 'createComment(input: { postId: $post, body: "a" }) { errors { code } }'],
  'Mutation.updateComment':                     ['UU .F FF.F F.F', 'updateComment(input: { commentId: $comment, body: "b" }) { errors { code } }'],
  'Mutation.deleteComment':                     ['UU .F FF.F F.F', 'deleteComment(input: { commentId: $newComment }) { errors { code } }'],

  // administration
  'Mutation.createUser':                        ['UU FF FA.F F.F', `createUser(input: { username: $name, email: $address, password: "${password}", roleIds: [$chiefs] }) { errors { code } }`],
  'Mutation.updateUser':                        ['UU FF FA.F F.F', 'updateUser(input: { userId: $chief }) { errors { code } }'],
  'Mutation.setAdministrator':                  ['UU FF FF.F FFF', 'setAdministrator(input: { userId: $newChief, isAdmin: true }) { errors { code } }'],
  'Mutation.deactivateUser':                    ['UU FF FA.F F.F', 'deactivateUser(input: { userId: $newChief }) { errors { code } }'],
  'Mutation.reactivateUser':                    ['UU FF FA.F F.F', 'reactivateUser(input: { userId: $chief }) { errors { code } }'],
  'Mutation.lockUser':                          ['UU FF FA.F F.F', `lockUser(input: { userId: $newChief, until: "${tomorrow}" }) { errors { code } }`],
  'Mutation.unlockUser':                        ['UU FF AA.F F.F', 'unlockUser(input: { userId: $chief }) { errors { code } }'],
  'Mutation.deleteUser':                        ['UU FF FA.F F.F', 'deleteUser(input: { userId: $newChief }) { errors { code } }'],
  'Mutation.revokeUserSessions':                ['UU FF FA.F FFF', 'revokeUserSessions(input: { userId: $chief }) { errors { code } }'],
  'Mutation.createRole':                        ['UU FF FA.F F.F', 'createRole(input: { name: $name, level: 60 }) { errors { code } }'],
  'Mutation.updateRole':                        ['UU FF FA.F F.F', 'updateRole(input: { roleId: $chiefs }) { errors { code } }'],
  'Mutation.updateRole: a system role':         ['UU FF FSSF FSF', 'updateRole(input: { roleId: $everyone, name: "a" }) { errors { code } }'],
  'Mutation.deleteRole':                        ['UU FF FA.F F.F', 'deleteRole(input: { roleId: $newRole }) { errors { code } }'],
  'Mutation.deleteRole: a system role':         ['UU FF FSSF FSF', 'deleteRole(input: { roleId: $everyone }) { errors { code } }'],
  'Mutation.addPermission':                     ['UU FF FA.F F.F', 'addPermission(input: { roleId: $newRole, resource: "role", action: "read" }) { errors { code } }'],
  'Mutation.addPermission: beyond the scopes':  ['UU FF FA.F FAF', 'addPermission(input: { roleId: $newRole, resource: "invoice", action: "pay" }) { errors { code } }'],
  'Mutation.removePermission':                  ['UU FF FA.F F.F', 'removePermission(input: { permissionId: $newPermission }) { errors { code } }'],
  'Mutation.changeRole':                        ['UU FF FA.F F.F', 'changeRole(input: { roleId: $chiefs, description: null }) { errors { code } }'],
  'Mutation.changeRole: a system role':         ['UU FF FSSF FSF', 'changeRole(input: { roleId: $everyone, grantTo: [$user] }) { errors { code } }'],
  'Mutation.grantRole':                         ['UU FF FA.F F.F', 'grantRole(input: { userId: $newAccount, roleId: $chiefs }) { errors { code } }'],
  'Mutation.grantRole: a system role':          ['UU FF FSSF FSF', 'grantRole(input: { userId: $user, roleId: $everyone }) { errors { code } }'],
  'Mutation.revokeRole':                        ['UU FF FA.F F.F', 'revokeRole(input: { userId: $newChief, roleId: $chiefs }) { errors { code } }'],
  'Mutation.revokeRole: a system role':         ['UU FF FSSF FSF', 'revokeRole(input: { userId: $user, roleId: $everyone }) { errors { code } }'],
  'Mutation.retryJob':                          ['UU FF FFNF FNF', 'retryJob(input: { jobId: "-" }) { errors { code } }'],
  'Mutation.retryFailedJobs':                   ['UU FF FF.F F.F', 'retryFailedJobs(input: {}) { errors { code } }'],
  'Mutation.verifySecurityEvents':              ['UU FF F..F F.F', 'verifySecurityEvents { errors { code } }'],
  'Mutation.beginSecurityEventExport':          ['UU FF F..F FFF', 'beginSecurityEventExport(input: { format: CSV }) { errors { code } }'],
  'Mutation.rotateSigningKey':                  ['UU FF FF.F FFF', 'rotateSigningKey { errors { code } }'],
  'Mutation.revokeSigningKey':                  ['UU FF FFNF FFF', 'revokeSigningKey(input: { kid: "-" }) { errors { code } }'],

  'Subscription.accessEvents':                  ['UU .. .... ..F', 'accessEvents { cursor }'],
  'Subscription.sessionEvents':                 ['UU .. .... F.F', `sessionEvents(after: "${start}") { cursor }`],
  'Subscription.securityEvents':                ['UU FF F..F F.F', `securityEvents(after: "${start}") { cursor }`],
};

/** Fields of the account of `user`: first as each caller reads them there, then as each caller reads their own. */
// biome-ignore format: a table is read by its columns
export const ofAccount: Record<keyof typeof guards.User, [letters: string, ofOneself: string, field: string]> = {
  email:                 ['UU .F ...F ..F', '-U .. .... ..F', 'email'],
  isVerified:            ['UU .F ...F ..F', '-U .. .... ..F', 'isVerified'],
  isActive:              ['UU .F ...F ..F', '-U .. .... ..F', 'isActive'],
  isAdmin:               ['UU .F ...F ..F', '-U .. .... ..F', 'isAdmin'],
  isLocked:              ['UU .F ...F ..F', '-U .. .... ..F', 'isLocked'],
  lockedUntil:           ['UU .F ...F ..F', '-U .. .... ..F', 'lockedUntil'],
  timezone:              ['UU .F ...F ..F', '-U .. .... ..F', 'timezone'],
  language:              ['UU .F ...F ..F', '-U .. .... ..F', 'language'],
  emailNotifications:    ['UU .F ...F ..F', '-U .. .... ..F', 'emailNotifications'],
  lastLoginAt:           ['UU .F ...F ..F', '-U .. .... ..F', 'lastLoginAt'],
  passwordChangedAt:     ['UU .F ...F ..F', '-U .. .... ..F', 'passwordChangedAt'],
  version:               ['UU .F ...F ..F', '-U .. .... ..F', 'version'],
  twoFactorEnabled:      ['UU .F ...F ..F', '-U .. .... ..F', 'twoFactorEnabled'],
  roles:                 ['UU .F ...F ..F', '-U .. .... ..F', 'roles { id }'],
  rolesConnection:       ['UU .F ...F ..F', '-U .. .... ..F', 'rolesConnection { totalCount }'],
  grants:                ['UU .F ...F ..F', '-U .. .... ..F', 'grants { id }'],
  grantsConnection:      ['UU .F ...F ..F', '-U .. .... ..F', 'grantsConnection { totalCount }'],
  can:                   ['UU .F ...F ..F', '-U .. .... ...', 'can(checks: [{ action: "read", resource: "post" }])'],
  permissions:           ['UU .F ...F ..F', '-U .. .... ..F', 'permissions { id }'],
  availableScopes:       ['UU .F ...F ..F', '-U .. .... ..F', 'availableScopes { action }'],
  permissionsConnection: ['UU .F ...F ..F', '-U .. .... ..F', 'permissionsConnection { totalCount }'],
  abilityRules:          ['UU .F ...F ..F', '-U .. .... ...', 'abilityRules'],
  apiTokens:             ['UU .F ...F FFF', '-U .. .... FFF', 'apiTokens { id }'],
  apiTokensConnection:   ['UU .F ...F FFF', '-U .. .... FFF', 'apiTokensConnection { totalCount }'],
  statistics:            ['UU .F ...F ..F', '-U .. .... ..F', 'statistics { postsCount }'],
  sessions:              ['UU .F ...F ..F', '-U .. .... ..F', 'sessions { id }'],
  sessionsConnection:    ['UU .F ...F ..F', '-U .. .... ..F', 'sessionsConnection { totalCount }'],
  securityEvents:        ['UU .F F..F F.F', '-U .. .... F.F', 'securityEvents { totalCount }'],
};

/** Other fields whose result depends on the caller. */
// biome-ignore format: a table is read by its columns
export const fields: Record<string, [letters: string, operation: string]> = {
  'Role.users':                       ['-U FF ...F ..F', 'viewer { roles { users { totalCount } } }'],
  'SecurityEvent.session':            ['UU .- -..- -.-', 'node(id: $event) { ... on SecurityEvent { session { id } } }'],
  'Comment.post':                     ['UU .- --.- -.-', 'node(id: $draftComment) { ... on Comment { post { id } } }'],

  // of an account of level 60
  'User.viewerCanUpdate':             ['nn nn nnYn nYn', 'post(id: $postOfChief) { author { viewerCanUpdate } }'],
  'User.viewerCanDelete':             ['nn nn nnYn nYn', 'post(id: $postOfChief) { author { viewerCanDelete } }'],
  'User.viewerCanDeactivate':         ['nn nn nnYn nYn', 'post(id: $postOfChief) { author { viewerCanDeactivate } }'],
  'User.viewerCanLock':               ['nn nn nnYn nYn', 'post(id: $postOfChief) { author { viewerCanLock } }'],
  'User.viewerCanUnlock':             ['nn nn nnYn nYn', 'post(id: $postOfChief) { author { viewerCanUnlock } }'],
  'User.viewerCanSetAdministrator':   ['nn nn nnYn nnn', 'post(id: $postOfChief) { author { viewerCanSetAdministrator } }'],

  // of a role of level 60
  'Role.viewerCanUpdate':             ['UU FF FnYF FYF', 'role(id: $chiefs) { viewerCanUpdate }'],
  'Role.viewerCanDelete':             ['UU FF FnYF FYF', 'role(id: $chiefs) { viewerCanDelete }'],
  'Role.viewerCanGrant':              ['UU FF FnYF FYF', 'role(id: $chiefs) { viewerCanGrant }'],

  // of a post and a comment of the user
  'Post.viewerCanUpdate':             ['nn Yn nnYn nYn', 'post(id: $post) { viewerCanUpdate }'],
  'Post.viewerCanPublish':            ['nn Yn nnYn nYn', 'post(id: $post) { viewerCanPublish }'],
  'Post.viewerCanDelete':             ['nn Yn nnYn nYn', 'post(id: $post) { viewerCanDelete }'],
  'Post.viewerCanComment':            ['nn YY YYYY nYn', 'post(id: $post) { viewerCanComment }'],
  'Comment.viewerCanUpdate':          ['nn Yn nnYn nYn', 'post(id: $post) { comments { nodes { viewerCanUpdate } } }'],
  'Comment.viewerCanDelete':          ['nn Yn nnYn nYn', 'post(id: $post) { comments { nodes { viewerCanDelete } } }'],
};
