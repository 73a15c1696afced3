import { seconds } from '../../src/clock.js';
import { catalogueEntries } from '../../src/policy/permission-catalogue.js';
import { makeToken } from './api-tokens.js';
import type { Client } from './client.js';
import { type Harness, password } from './harness.js';
import { roleWith } from './role-with.js';

/** A caller with its credential. */
export interface Caller {
  readonly token: string | undefined;
  /** Signs in again, for operations that end the session in which they are called. */
  readonly anew: () => Promise<string | undefined>;
}

/** All kinds of callers, in the order of the columns of the access matrix. */
export const callerNames = [
  ...(['anonymous', 'stale'] as const),
  ...(['user', 'other'] as const),
  ...(['support', 'manager', 'administrator', 'expired'] as const),
  ...(['scoped', 'all', 'none'] as const),
] as const;
export type CallerName = (typeof callerNames)[number];

const support = ['user:read', 'user:unlock'];
/** All permissions for users, roles and security events, except `user:administer`. */
const managers = catalogueEntries
  .filter(({ resource }) => ['user', 'role', 'security-event'].includes(resource))
  .map(({ resource, action }) => `${resource}:${action}`)
  .filter((permission) => permission !== 'user:administer');

/** Every resource as a scope, including some that no operation requires. */
const allScopes = [
  'user:*',
  'role:*',
  'profile:*',
  'session:*',
  'security-event:*',
  'job:*',
  'signing-key:*',
  'settings:*',
  'api-token:*',
  'post:*',
  'comment:*',
  'password:*',
  'two-factor:*',
];

/**
 * Signs in all callers. By the time it resolves, the grant of `expired` has ended, one second ago on the test clock.
 */
export async function makeCallers(harness: Harness): Promise<{
  callers: Record<CallerName, Caller>;
  user: Client;
  admin: Client;
}> {
  const admin = await harness.admin();
  const holder = async (username: string, roleId: string, expiresAt: Date | null = null) => {
    const client = await harness.person(username);
    await admin.mutate('grantRole', { userId: client.userId, roleId, expiresAt }, 'grant { id }');
    return client;
  };
  const role = (name: string, level: number, permits: readonly string[]) =>
    roleWith(harness, name, level, Object.fromEntries(permits.map((permission) => [permission, null])));
  const managing = await role('managing', 50, managers);
  const [stale, user] = [await harness.person('user.stale'), await harness.person('user.one')];
  const people = {
    user,
    other: await harness.person('user.two'),
    support: await holder('user.support', await role('support', 10, support)),
    manager: await holder('user.manager', managing),
    administrator: admin,
    expired: await holder('user.expired', managing, new Date(harness.clock.now().getTime() + seconds(1))),
  };
  // Used before the grant ends, so that the rights are cached.
  await people.expired.ask('{ users { totalCount } }');
  harness.clock.advance(seconds(2));
  await stale.ask('mutation { logout { errors { code } } }');
  const tokens = { scoped: ['user:read', 'profile:read'], all: allScopes, none: [] };
  const byToken = async (scopes: string[]) => fixed((await makeToken(admin, scopes)).token);
  const signedIn = Object.entries(people).map(([name, client]) => [name, inSession(harness, client)]);
  return {
    user,
    admin,
    callers: {
      anonymous: fixed(undefined),
      stale: fixed(stale.token),
      ...(Object.fromEntries(signedIn) as Record<keyof typeof people, Caller>),
      scoped: await byToken(tokens.scoped),
      all: await byToken(tokens.all),
      none: await byToken(tokens.none),
    },
  };
}

const fixed = (token: string | undefined): Caller => ({ token, anew: async () => token });

const inSession = (harness: Harness, { token, userId }: Client): Caller => ({
  token,
  anew: async () => {
    const client = harness.client();
    const { sql } = harness.app.services.database;
    const account = await sql.row<{ username: string }>('select username from users where id = $1', [String(userId)]);
    await client.login(String(account?.username), password);
    return client.token;
  },
});
