import {
  and,
  anyone,
  anyoneButRefused,
  forOneself,
  type Guard,
  holding,
  inSession,
  inSessionOwnOrHolding,
  oneselfOrHolding,
  onlyHolding,
  or,
  ownOrHolding,
  type Rule,
  sessionOwnOrHolding,
  signedIn,
} from '../graphql/rules.js';
import { type Limit, perAddress, perCaller, perMailbox } from './rate-limits.js';

/** Who may run a root field, and how often. Every root field has a row; the service does not start without one. */
export type Row = readonly [rule: Rule, ...limits: Limit[]];

// biome-ignore format: a table is read by its columns
export const permissions = {
  Query: {
    viewer:                     [anyoneButRefused],
    viewerSession:              [anyoneButRefused],
    node:                       [signedIn],
    user:                       [signedIn],
    accessDecision:             [or(forOneself('profile:read'), holding('user:read'))],
    passwordStrength:           [anyone,                                     perAddress('passwordStrength')],
    posts:                      [anyone],
    post:                       [anyone],

    // administration
    users:                      [holding('user:read')],
    role:                       [holding('role:read')],
    roles:                      [holding('role:read')],
    rolesConnection:            [holding('role:read')],
    permissionCatalogue:        [holding('role:read')],
    previewRoleChange:          [holding('role:read', 'user:read'),          perCaller('preview')],
    securityEvents:             [holding('security-event:read')],
    securityEventVerification:  [holding('security-event:read')],
    securityStatistics:         [holding('security-event:read')],
    securityOverview:           [holding('security-event:read')],
    unusualActivity:            [holding('security-event:read')],
    roleGrants:                 [holding('role:read', 'user:read')],
    failedJobs:                 [holding('job:read')],
  },
  Mutation: {
    // own account, anonymous
    register:                   [anyone,                                     perAddress('register'),      perMailbox('verification', 'email')],
    verifyEmail:                [anyone,                                     perAddress('mailedLink')],
    disownRegistration:         [anyone,                                     perAddress('mailedLink')],
    resendVerificationEmail:    [anyone,                                     perAddress('verification'),  perMailbox('verification', 'email')],
    login:                      [anyone,                                     perAddress('login')],
    completeTwoFactorLogin:     [anyone,                                     perAddress('twoFactor')],
    refreshSession:             [anyone,                                     perAddress('refresh')],
    requestPasswordReset:       [anyone,                                     perAddress('passwordReset'), perMailbox('passwordReset', 'email')],
    resetPassword:              [anyone,                                     perAddress('mailedLink')],
    confirmEmailChange:         [anyone,                                     perAddress('mailedLink')],
    undoEmailChange:            [anyone,                                     perAddress('mailedLink')],

    // own account, signed in
    updateProfile:              [forOneself('profile:update'),               perCaller('mutation')],
    reauthenticate:             [inSession,                                  perCaller('mutation')],
    changePassword:             [inSession,                                  perCaller('mutation')],
    requestEmailChange:         [inSession,                                  perCaller('verification'),   perMailbox('verification', 'newEmail')],
    beginTwoFactorEnrollment:   [inSession,                                  perCaller('mutation')],
    confirmTwoFactorEnrollment: [inSession,                                  perCaller('mutation')],
    disableTwoFactor:           [inSession,                                  perCaller('mutation')],
    regenerateRecoveryCodes:    [inSession,                                  perCaller('mutation')],
    createApiToken:             [inSession,                                  perCaller('mutation')],
    revokeApiToken:             [inSession,                                  perCaller('mutation')],
    logout:                     [inSession,                                  perCaller('mutation')],
    revokeSession:              [inSession,                                  perCaller('mutation')],
    revokeOtherSessions:        [inSession,                                  perCaller('mutation')],
    deleteOwnAccount:           [inSession,                                  perCaller('mutation')],

    // posts and comments
    createPost:                 [holding('post:create'),                     perCaller('mutation')],
    updatePost:                 [holding('post:update'),                     perCaller('mutation')],
    publishPost:                [holding('post:publish'),                    perCaller('mutation')],
    unpublishPost:              [holding('post:publish'),                    perCaller('mutation')],
    deletePost:                 [holding('post:delete'),                     perCaller('mutation')],
    createComment:              [holding('comment:create'),                  perCaller('mutation')],
    updateComment:              [holding('comment:update'),                  perCaller('mutation')],
    deleteComment:              [holding('comment:delete'),                  perCaller('mutation')],

    // administration
    createUser:                 [holding('user:create'),                     perCaller('mutation')],
    updateUser:                 [holding('user:update'),                     perCaller('mutation')],
    setAdministrator:           [and(inSession, holding('user:administer')), perCaller('mutation')],
    deactivateUser:             [holding('user:deactivate'),                 perCaller('mutation')],
    reactivateUser:             [holding('user:deactivate'),                 perCaller('mutation')],
    unlockUser:                 [holding('user:unlock'),                     perCaller('mutation')],
    deleteUser:                 [holding('user:delete'),                     perCaller('mutation')],
    revokeUserSessions:         [and(inSession, holding('user:update')),     perCaller('mutation')],
    createRole:                 [holding('role:create'),                     perCaller('mutation')],
    updateRole:                 [holding('role:update'),                     perCaller('mutation')],
    deleteRole:                 [holding('role:delete'),                     perCaller('mutation')],
    addPermission:              [holding('role:update'),                     perCaller('mutation')],
    removePermission:           [holding('role:update'),                     perCaller('mutation')],
    grantRole:                  [holding('role:grant'),                      perCaller('mutation')],
    revokeRole:                 [holding('role:grant'),                      perCaller('mutation')],
    retryJob:                   [holding('job:retry'),                      perCaller('mutation')],
  },
  Subscription: {
    sessionEvents:              [forOneself('session:read'),                 perCaller('subscription')],
    accessEvents:               [forOneself('profile:read'),                 perCaller('subscription')],
    securityEvents:             [holding('security-event:read'),             perCaller('subscription')],
  },
} as const satisfies Record<'Query' | 'Mutation' | 'Subscription', Record<string, Row>>;

const ofAccount = ownOrHolding('profile:read', 'user:read');

/** Guards of object fields that not everyone who can see the object may read. */
// biome-ignore format: a table is read by its columns
export const guards = {
  User: {
    email:                 ofAccount,
    isVerified:            ofAccount,
    isActive:              ofAccount,
    isAdmin:               ofAccount,
    isLocked:              ofAccount,
    lockedUntil:           ofAccount,
    timezone:              ofAccount,
    language:              ofAccount,
    emailNotifications:    ofAccount,
    lastLoginAt:           ofAccount,
    passwordChangedAt:     ofAccount,
    twoFactorEnabled:      ofAccount,
    roles:                 ofAccount,
    rolesConnection:       ofAccount,
    grants:                ofAccount,
    grantsConnection:      ofAccount,
    can:                   oneselfOrHolding('user:read'),
    permissions:           ofAccount,
    permissionsConnection: ofAccount,
    availableScopes:       ofAccount,
    abilityRules:          oneselfOrHolding('user:read'),
    apiTokens:             inSessionOwnOrHolding('user:read'),
    apiTokensConnection:   inSessionOwnOrHolding('user:read'),
    statistics:            ofAccount,
    sessions:              ownOrHolding('session:read', 'user:read'),
    sessionsConnection:    ownOrHolding('session:read', 'user:read'),
    securityEvents:        ownOrHolding('session:read', 'security-event:read'),
  },
  Role: {
    users: onlyHolding('user:read'),
  },
  SecurityEvent: {
    session: sessionOwnOrHolding('session:read', 'user:read'),
  },
} as const satisfies Record<string, Record<string, Guard>>;
