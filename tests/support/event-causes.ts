import { announceExpiry } from '../../src/access/grants/announce-expiry.js';
import { recordExpiry } from '../../src/access/grants/record-expiry.js';
import { resetPasswordByOperator } from '../../src/authentication/reset-password-by-operator.js';
import { days } from '../../src/clock.js';
import { exportUsers } from '../../src/moving/export-users.js';
import { asSystem } from '../../src/open-services.js';
import type { SecurityEventType } from '../../src/security-events/event-types.js';
import { expireSessions } from '../../src/sessions/expire-sessions.js';
import { revokeSigningKey } from '../../src/sessions/revoke-signing-key.js';
import { rotateSigningKey } from '../../src/sessions/rotate-signing-key.js';
import { makeToken } from './api-tokens.js';
import type { Client } from './client.js';
import { eventually } from './eventually.js';
import { type Harness, password } from './harness.js';
import { give, makeRole, permitTo } from './roles.js';
import { disable, equip, nextCode, regenerate, signIn, wrongCodeFor } from './second-factor.js';

/** What happened: to whom, and the details that its event must have, exactly. */
export interface Caused {
  readonly subject: string | null | undefined;
  readonly details: Record<string, unknown>;
}

/** Without those that tests/security-events/refused-events, tests/authentication and tests/backup are about. */
type Recorded = Exclude<
  keyof typeof SecurityEventType,
  'PERMISSION_DENIED' | 'RATE_LIMITED' | 'REAUTHENTICATION_REQUIRED' | 'DATABASE_RESTORED'
>;

const other = 'another long enough passphrase';

/** Causes one event of each type in its usual way, or each of several ways, on a harness whose clock stands still. */
export function causesOf(harness: Harness, admin: Client): Record<Recorded, readonly (() => Promise<Caused>)[]> {
  let count = 0;
  const person = () => {
    count += 1;
    return harness.person(`person${count}`);
  };
  const emailOf = () => `person${count}@example.com`;
  const sql = () => harness.app.services.database.sql;
  const now = () => harness.clock.now().toISOString();
  const service = () => asSystem(harness.app.services);
  const byService = { by: 'service' };
  const set = (field: string, to: unknown, from: unknown = null) => ({ [field]: { from, to } });
  const linkTo = (to: string, purpose: string): Promise<string> =>
    eventually(() => {
      const texts = harness.mailbox.mails.filter((mail) => mail.to === to).map(({ text }) => text);
      return texts.map((text) => new RegExp(`/${purpose}\\?token=([\\w-]+)`).exec(text)?.[1]).findLast(Boolean);
    });
  const passwordSet = async ({ userId }: Client) =>
    (
      await sql().row<{ at: Date }>('select password_changed_at as at from users where id = $1', [String(userId)])
    )?.at.toISOString();
  const lock = async () => {
    const victim = await person();
    for (let tries = 0; tries < 3; tries += 1) await harness.client().login(`person${count}`, 'wrong');
    return { victim, until: new Date(harness.clock.now().getTime() + 15 * 60_000).toISOString() };
  };
  const changeAddress = async (to: string) => {
    const owner = await person();
    await owner.mutate('requestEmailChange', { newEmail: to, currentPassword: password }, 'email');
    await harness
      .client()
      .mutate('confirmEmailChange', { token: await linkTo(to, 'confirm-email-change') }, 'user { id }');
    return owner;
  };
  const newRole = async (level = 10) => {
    count += 1;
    return { roleId: await makeRole(admin, { name: `role ${count}`, level }), role: `role ${count}` };
  };
  const inDays = (much: number) => new Date(harness.clock.now().getTime() + days(much)).toISOString();
  const granted = async (expiresAt: string | null) => {
    const [holder, role] = [await person(), await newRole()];
    return { holder, ...role, grantId: await give(admin, holder, role.roleId, expiresAt), expiresAt };
  };
  const ended = async (work: (client: Client) => Promise<unknown>, reason: string): Promise<Caused> => {
    const client = await person();
    await work(client);
    return { subject: client.userId, details: { reason, ...(reason === 'EXPIRED' && byService) } };
  };
  const noDetails = async (client: Promise<Client>): Promise<Caused> => ({
    subject: (await client).userId,
    details: {},
  });
  const updated = async (input: Record<string, unknown>, details: Record<string, unknown>): Promise<Caused> => {
    const client = await person();
    await client.mutate('updateProfile', input, 'user { id }');
    return { subject: client.userId, details };
  };
  const long = '𝒳'.repeat(500);

  return {
    USER_REGISTERED: [() => noDetails(person())],
    REGISTRATION_DISOWNED: [
      async () => {
        const client = await person();
        const token = await linkTo(emailOf(), 'disown-registration');
        await harness.client().mutate('disownRegistration', { token }, 'user { id }');
        return { subject: client.userId, details: { changes: set('hasPassword', false, true) } };
      },
      async () => {
        const client = await person();
        const token = await linkTo(emailOf(), 'disown-registration');
        await harness.client().mutate('disownRegistration', { token, deleteAccount: true }, 'deletedUserId');
        return { subject: client.userId, details: {} };
      },
    ],
    EMAIL_VERIFIED: [
      async () => ({ subject: (await person()).userId, details: { changes: set('isVerified', true, false) } }),
    ],
    EMAIL_CHANGE_REQUESTED: [() => noDetails(changeAddress('requested@example.org'))],
    EMAIL_CHANGED: [
      async () => {
        const client = await changeAddress('confirmed@example.org');
        const changes = set('email', 'confirmed@example.org', emailOf());
        return { subject: client.userId, details: { changes } };
      },
      async () => {
        count += 1;
        const [username, email] = [`person${count}`, emailOf()];
        await harness.client().mutate('register', { username, email, password }, 'email');
        const row = await sql().row<{ id: string }>('select id from users where username = $1', [username]);
        await admin.mutate('updateUser', { userId: row?.id, email: 'set@example.org' }, 'user { id }');
        const changes = { ...set('email', 'set@example.org', email), ...set('isVerified', true, false) };
        return { subject: row?.id, details: { changes } };
      },
    ],
    EMAIL_CHANGE_UNDONE: [
      async () => {
        const client = await changeAddress('thief@example.org');
        const token = await linkTo(emailOf(), 'undo-email-change');
        await harness.client().mutate('undoEmailChange', { token }, 'user { id }');
        const changes = { ...set('email', emailOf(), 'thief@example.org'), ...set('hasPassword', false, true) };
        return { subject: client.userId, details: { changes } };
      },
    ],
    USER_CREATED: [
      async () => {
        const input = { username: 'made', email: 'made@example.com', password, firstName: 'Made' };
        const { user } = await admin.mutate('createUser', input, 'user { id }');
        return { subject: String(user?.['id']), details: { username: 'made', isAdmin: false } };
      },
    ],
    USER_UPDATED: [
      () =>
        updated(
          { firstName: 'Ada', location: 'London', emailNotifications: false },
          {
            fields: ['firstName', 'location', 'emailNotifications'],
            changes: {
              ...set('firstName', 'Ada'),
              ...set('location', 'London'),
              ...set('emailNotifications', false, true),
            },
          },
        ),
      () => updated({ bio: long }, { fields: ['bio'], changes: set('bio', `${'𝒳'.repeat(200)}…`) }),
      async () => {
        const client = await person();
        await client.mutate('updateProfile', { bio: 'before', website: 'https://a.example' }, 'user { id }');
        await client.mutate('updateProfile', { bio: null, website: 'https://a.example' }, 'user { id }');
        return { subject: client.userId, details: { fields: ['bio'], changes: set('bio', null, 'before') } };
      },
      async () => {
        const client = await person();
        await admin.mutate('updateUser', { userId: client.userId, username: 'renamed' }, 'user { id }');
        const changes = set('username', 'renamed', `person${count}`);
        return { subject: client.userId, details: { fields: ['username'], changes } };
      },
      async () => {
        const client = await person();
        await admin.mutate('setAdministrator', { userId: client.userId, isAdmin: true }, 'user { id }');
        const changes = set('isAdmin', true, false);
        return { subject: client.userId, details: { fields: ['isAdmin'], isAdmin: true, changes } };
      },
    ],
    USER_DEACTIVATED: [
      async () => {
        const { userId } = await person();
        await admin.mutate('deactivateUser', { userId, reason: 'Left' }, 'user { id }');
        return { subject: userId, details: { reason: 'Left', changes: set('isActive', false, true) } };
      },
    ],
    USER_REACTIVATED: [
      async () => {
        const { userId } = await person();
        await admin.mutate('deactivateUser', { userId }, 'user { id }');
        await admin.mutate('reactivateUser', { userId }, 'user { id }');
        return { subject: userId, details: { changes: set('isActive', true, false) } };
      },
    ],
    USER_DELETED: [
      async () => {
        const { userId } = await person();
        await admin.mutate('deleteUser', { userId }, 'deletedUserId');
        return { subject: userId, details: { username: `person${count}` } };
      },
    ],
    LOGIN_SUCCEEDED: [() => noDetails(person())],
    LOGIN_FAILED: [
      async () => {
        const { userId } = await person();
        await harness.client().login(`person${count}`, 'wrong');
        return { subject: userId, details: { passwordProved: false } };
      },
      async () => {
        await harness.client().login('nobody at all', 'wrong');
        return { subject: null, details: { passwordProved: false } };
      },
    ],
    ACCOUNT_LOCKED: [
      async () => {
        const { victim, until } = await lock();
        const details = { factor: 'password', until, device: false, changes: set('lockedUntil', until) };
        return { subject: victim.userId, details };
      },
      async () => {
        const { userId } = await person();
        const until = new Date(harness.clock.now().getTime() + days(1)).toISOString();
        await admin.mutate('lockUser', { userId, until, reason: 'lost laptop' }, 'user { id }');
        return { subject: userId, details: { until, reason: 'lost laptop', changes: set('lockedUntil', until) } };
      },
    ],
    ACCOUNT_UNLOCKED: [
      async () => {
        const { victim, until } = await lock();
        await admin.mutate('unlockUser', { userId: victim.userId }, 'user { id }');
        return { subject: victim.userId, details: { changes: set('lockedUntil', null, until) } };
      },
    ],
    LOGOUT: [() => ended((client) => client.ask('mutation { logout { session { id } } }'), 'LOGOUT')],
    SESSION_REVOKED: [
      () => ended(({ userId }) => admin.mutate('revokeUserSessions', { userId }, 'endedCount'), 'REVOKED'),
    ],
    SESSION_EXPIRED: [
      () =>
        ended(async (client) => {
          const shorten = 'update sessions set expires_at = created_at, expiry_check_at = created_at where id = $1';
          await sql().rows(shorten, [String(client.sessionId)]);
          harness.clock.advance(1000);
          await expireSessions(service());
        }, 'EXPIRED'),
    ],
    REFRESH_TOKEN_REUSED: [
      () =>
        ended(async ({ refreshToken }) => {
          const refresh = () =>
            harness.client().mutate('refreshSession', { refreshToken }, 'authentication { tokenType }');
          await refresh();
          harness.clock.advance(60_000);
          await refresh();
        }, 'REFRESH_TOKEN_REUSED'),
    ],
    PASSWORD_CHANGED: [
      async () => {
        const client = await person();
        const before = await passwordSet(client);
        harness.clock.advance(1000);
        await client.mutate('changePassword', { currentPassword: password, newPassword: other }, 'user { id }');
        return { subject: client.userId, details: { changes: set('passwordChangedAt', now(), before) } };
      },
    ],
    PASSWORD_RESET_REQUESTED: [
      async () => {
        const { userId } = await person();
        await harness.client().mutate('requestPasswordReset', { email: emailOf() }, 'email');
        await linkTo(emailOf(), 'reset-password');
        return { subject: userId, details: {} };
      },
    ],
    PASSWORD_RESET: [
      async () => {
        const { victim, until } = await lock();
        const before = await passwordSet(victim);
        harness.clock.advance(1000);
        await harness.client().mutate('requestPasswordReset', { email: emailOf() }, 'email');
        const token = await linkTo(emailOf(), 'reset-password');
        await harness.client().mutate('resetPassword', { token, newPassword: other }, 'user { id }');
        const changes = { ...set('passwordChangedAt', now(), before), ...set('lockedUntil', null, until) };
        return { subject: victim.userId, details: { changes } };
      },
      async () => {
        const before = await passwordSet(admin);
        harness.clock.advance(1000);
        await resetPasswordByOperator(service(), { username: 'root.admin', newPassword: other });
        const changes = set('passwordChangedAt', now(), before);
        await admin.login('root.admin', other);
        return { subject: admin.userId, details: { by: 'operator', changes } };
      },
    ],
    REAUTHENTICATED: [
      async () => {
        const client = await person();
        await client.mutate('reauthenticate', { password }, 'session { id }');
        return { subject: client.userId, details: { method: 'PASSWORD' } };
      },
    ],
    TWO_FACTOR_ENABLED: [
      async () => {
        const { client } = await equip(harness, '', await person());
        return { subject: client.userId, details: { changes: set('twoFactorEnabled', true, false) } };
      },
    ],
    TWO_FACTOR_DISABLED: [
      async () => {
        const { client, secret } = await equip(harness, '', await person());
        await disable(client, nextCode(harness, secret));
        return { subject: client.userId, details: { changes: set('twoFactorEnabled', false, true) } };
      },
    ],
    TWO_FACTOR_FAILED: [
      async () => {
        const { client, secret } = await equip(harness, '', await person());
        await disable(client, wrongCodeFor(harness, secret));
        return { subject: client.userId, details: {} };
      },
    ],
    RECOVERY_CODE_USED: [
      async () => {
        const equipped = await equip(harness, `person${count + 1}`, await person());
        await signIn(harness.client(), equipped, String(equipped.recoveryCodes[0]));
        const changes = set('unusedRecoveryCodes', 9, 10);
        return { subject: equipped.client.userId, details: { changes } };
      },
      async () => {
        const { client, recoveryCodes } = await equip(harness, '', await person());
        await disable(client, String(recoveryCodes[0]));
        return { subject: client.userId, details: { changes: set('unusedRecoveryCodes', 9, 10) } };
      },
    ],
    RECOVERY_CODES_REGENERATED: [
      async () => {
        const { client, recoveryCodes } = await equip(harness, '', await person());
        await regenerate(client, String(recoveryCodes[0]));
        return { subject: client.userId, details: { changes: set('unusedRecoveryCodes', 10, 9) } };
      },
    ],
    API_TOKEN_CREATED: [
      async () => {
        const [client, expiresAt] = [await person(), inDays(7)];
        const scopes = ['profile:read'];
        const { id: tokenId } = await makeToken(client, scopes, { name: 'backup', expiresAt });
        return { subject: client.userId, details: { name: 'backup', scopes, tokenId, expiresAt } };
      },
    ],
    API_TOKEN_REVOKED: [
      async () => {
        const client = await person();
        const { id: tokenId } = await makeToken(client, ['profile:read'], { name: 'backup' });
        await client.mutate('revokeApiToken', { apiTokenId: tokenId }, 'apiToken { id }');
        const details = { name: 'backup', tokenId, changes: set('revokedAt', now()) };
        return { subject: client.userId, details };
      },
    ],
    ROLE_CREATED: [async () => ({ subject: null, details: { ...(await newRole(12)), level: 12 } })],
    ROLE_UPDATED: [
      async () => {
        const { roleId, role } = await newRole();
        await admin.mutate('updateRole', { roleId, name: `${role} new`, level: 20 }, 'role { id }');
        const changes = { ...set('name', `${role} new`, role), ...set('level', 20, 10) };
        const [before, after] = [
          { name: role, level: 10 },
          { name: `${role} new`, level: 20 },
        ];
        return { subject: null, details: { roleId, role: `${role} new`, before, after, changes } };
      },
      async () => {
        const { roleId, role } = await newRole();
        const conditions = { published: true };
        const permissionId = await permitTo(admin, roleId, 'post:read', conditions);
        const added = { permissionId, name: 'post:read', resource: 'post', action: 'read', conditions };
        return { subject: null, details: { roleId, role, added, changes: set('permission', 'post:read') } };
      },
      async () => {
        const { roleId, role } = await newRole();
        const permissionId = await permitTo(admin, roleId, 'post:read');
        await admin.mutate('removePermission', { permissionId }, 'removedPermissionId');
        const removed = { permissionId, name: 'post:read', resource: 'post', action: 'read', conditions: null };
        return { subject: null, details: { roleId, role, removed, changes: set('permission', null, 'post:read') } };
      },
    ],
    ROLE_DELETED: [
      async () => {
        const role = await newRole();
        await admin.mutate('deleteRole', { roleId: role.roleId }, 'deletedRoleId');
        return { subject: null, details: { ...role, level: 10 } };
      },
    ],
    ROLE_GRANTED: [
      async () => {
        const { holder, ...details } = await granted(null);
        return { subject: holder.userId, details };
      },
      async () => {
        const [{ holder, roleId, role, expiresAt: former }, expiresAt] = [await granted(inDays(20)), inDays(30)];
        const grantId = await give(admin, holder, roleId, expiresAt);
        const details = { roleId, role, grantId, expiresAt, changes: set('expiresAt', expiresAt, former) };
        return { subject: holder.userId, details };
      },
    ],
    ROLE_REVOKED: [
      async () => {
        const { holder, roleId, role, grantId } = await granted(null);
        await admin.mutate('revokeRole', { userId: holder.userId, roleId }, 'grant { id }');
        return { subject: holder.userId, details: { roleId, role, grantId } };
      },
    ],
    ROLE_EXPIRING: [
      async () => {
        const { holder, ...details } = await granted(inDays(3));
        await announceExpiry(service());
        return { subject: holder.userId, details: { ...details, ...byService } };
      },
    ],
    ROLE_EXPIRED: [
      async () => {
        const { holder, ...details } = await granted(new Date(harness.clock.now().getTime() + 1000).toISOString());
        harness.clock.advance(1000);
        await recordExpiry(service());
        return { subject: holder.userId, details: { ...details, ...byService } };
      },
    ],
    SIGNING_KEY_ROTATED: [
      async () => {
        const former = await harness.app.services.signingKeys.signer();
        const kid = await rotateSigningKey(service());
        return { subject: null, details: { kid, changes: set('kid', kid, former?.id), ...byService } };
      },
    ],
    SIGNING_KEY_REVOKED: [
      async () => {
        const kid = await rotateSigningKey(service());
        const successor = await revokeSigningKey(service(), kid);
        return { subject: null, details: { kid, successor, changes: set('kid', successor, kid), ...byService } };
      },
    ],
    EVENTS_EXPORTED: [
      async () => {
        const filter = { types: ['LOGIN_FAILED'], until: now() };
        await admin.mutate('beginSecurityEventExport', { format: 'CSV', filter }, 'before');
        return { subject: null, details: { format: 'CSV', filter } };
      },
    ],
    USERS_EXPORTED: [
      async () => {
        await exportUsers(
          { ...service(), by: 'operator' },
          { withSecrets: false, write: async () => undefined, onProgress: () => undefined },
        );
        return { subject: null, details: { by: 'operator', secrets: false } };
      },
    ],
  };
}
