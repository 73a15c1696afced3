import { type Limit, perAddress, perCaller, perMailbox } from './rate-limits.js';
import {
  anyone,
  anyoneButRefused,
  forOneself,
  type Guard,
  holding,
  inSession,
  onlyHolding,
  ownOrHolding,
  type Rule,
  signedIn,
} from './rules.js';

/** Who may run a root field, and how often. Every root field has its line; what has none is denied. */
export type Row = readonly [rule: Rule, ...limits: Limit[]];

// biome-ignore format: a table is read by its columns
export const permissions = {
  Query: {
    viewer:         [anyoneButRefused],
    viewerSession:  [anyoneButRefused],
    node:           [signedIn],
    user:           [signedIn],
    users:          [holding('user:read')],
    role:           [holding('role:read')],
    roles:          [holding('role:read')],
    securityEvents: [holding('security-event:read')],
  },
  Mutation: {
    register:                [anyone, perAddress('register'), perMailbox('verification', 'email')],
    verifyEmail:             [anyone, perAddress('login')],
    resendVerificationEmail: [anyone, perAddress('verification'), perMailbox('verification', 'email')],
    login:                   [anyone, perAddress('login')],
    refreshSession:          [anyone, perAddress('refresh')],
    logout:                  [inSession, perCaller('mutation')],
    updateProfile:           [forOneself('profile:update'), perCaller('mutation')],
    deleteOwnAccount:        [inSession, perCaller('mutation')],
    createUser:              [holding('user:create'), perCaller('mutation')],
    updateUser:              [holding('user:update'), perCaller('mutation')],
    setAdministrator:        [holding('user:update'), perCaller('mutation')],
    deactivateUser:          [holding('user:update'), perCaller('mutation')],
    reactivateUser:          [holding('user:update'), perCaller('mutation')],
    unlockUser:              [holding('user:update'), perCaller('mutation')],
    deleteUser:              [holding('user:delete'), perCaller('mutation')],
    createRole:              [holding('role:create'), perCaller('mutation')],
    grantRole:               [holding('role:grant'), perCaller('mutation')],
    revokeRole:              [holding('role:grant'), perCaller('mutation')],
  },
  Subscription: {
    sessionEvents:  [forOneself('session:read'), perCaller('mutation')],
    securityEvents: [holding('security-event:read'), perCaller('mutation')],
  },
} as const satisfies Record<'Query' | 'Mutation' | 'Subscription', Record<string, Row>>;

const ofAccount = ownOrHolding('profile:read', 'user:read');

/** Fields of objects that not everyone who sees the object may read. */
// biome-ignore format: a table is read by its columns
export const guards = {
  User: {
    email:              ofAccount,
    isVerified:         ofAccount,
    isActive:           ofAccount,
    isAdmin:            ofAccount,
    isLocked:           ofAccount,
    lockedUntil:        ofAccount,
    timezone:           ofAccount,
    language:           ofAccount,
    emailNotifications: ofAccount,
    lastLoginAt:        ofAccount,
    passwordChangedAt:  ofAccount,
    twoFactorEnabled:   ofAccount,
    roles:              ofAccount,
    grants:             ofAccount,
  },
  Role: {
    users: onlyHolding('user:read'),
  },
} as const satisfies Record<string, Record<string, Guard>>;
