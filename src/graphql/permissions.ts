import { type Limit, perAccount, perAddress, perCaller } from './rate-limits.js';
import {
  administrator,
  administratorOnly,
  anyone,
  anyoneButRefused,
  type Guard,
  type Rule,
  signedIn,
  themselfOrAdministrator,
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
    users:          [administrator],
    role:           [administrator],
    roles:          [administrator],
    securityEvents: [administrator],
  },
  Mutation: {
    register:                [anyone, perAddress('register')],
    verifyEmail:             [anyone, perAddress('login')],
    resendVerificationEmail: [anyone, perAddress('verification'), perAccount('verification', 'email')],
    login:                   [anyone, perAddress('login'), perAccount('login', 'identifier')],
    refreshSession:          [anyone, perAddress('refresh')],
    logout:                  [signedIn, perCaller('mutation')],
    createUser:              [administrator, perCaller('mutation')],
    createRole:              [administrator, perCaller('mutation')],
    grantRole:               [administrator, perCaller('mutation')],
    revokeRole:              [administrator, perCaller('mutation')],
  },
  Subscription: {
    sessionEvents:  [signedIn, perCaller('mutation')],
    securityEvents: [administrator, perCaller('mutation')],
  },
} as const satisfies Record<'Query' | 'Mutation' | 'Subscription', Record<string, Row>>;

/** Fields of objects that not everyone who sees the object may read. */
// biome-ignore format: a table is read by its columns
export const guards = {
  User: {
    email:              themselfOrAdministrator,
    isVerified:         themselfOrAdministrator,
    isActive:           themselfOrAdministrator,
    isAdmin:            themselfOrAdministrator,
    isLocked:           themselfOrAdministrator,
    lockedUntil:        themselfOrAdministrator,
    timezone:           themselfOrAdministrator,
    language:           themselfOrAdministrator,
    emailNotifications: themselfOrAdministrator,
    lastLoginAt:        themselfOrAdministrator,
    passwordChangedAt:  themselfOrAdministrator,
    roles:              themselfOrAdministrator,
    grants:             themselfOrAdministrator,
  },
  Role: {
    users: administratorOnly,
  },
} as const satisfies Record<string, Record<string, Guard>>;
