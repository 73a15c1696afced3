import type { EntityManager } from '@mikro-orm/postgresql';
import { after, days } from '../../clock.js';
import { givenRoleExpiringMail, roleExpiringMail } from '../../mail/account-mails.js';
import type { Operation } from '../../operation.js';
import type { LockedUser } from '../lock-users.js';
import { rightsWithin } from '../standing.js';
import { type DueGrant, recordEnd, tellOfDueGrants } from './due-grants.js';
import { type Notified, wantsNotice } from './wants-notice.js';

const notice = days(7);

/**
 * Announces grants that end within seven days: records an event and mails the holder and the person who granted the
 * role, if that is somebody else who may still grant roles.
 */
export function announceExpiry(operation: Operation): Promise<void> {
  const now = operation.services.clock.now();
  return tellOfDueGrants(operation, {
    column: 'expiry_announced_at',
    due: 'g.expires_at > ? and g.expires_at <= ? and g.granted_at <= ?',
    parameters: [now, after(now, notice), now],
    tell: (em, grants) => announce(em, operation, grants),
  });
}

type Person = Notified & Pick<LockedUser, 'id' | 'username' | 'email'>;

async function announce(em: EntityManager, operation: Operation, grants: readonly DueGrant[]): Promise<void> {
  const people = await readPeople(em, grants);
  const giving = await rightsWithin(
    em,
    operation,
    grants.flatMap(({ grantedById }) => grantedById ?? []),
  );
  const mayGive = (id: string) => (giving.get(id)?.extentOf('role:grant') ?? 'none') !== 'none';
  for (const grant of grants) {
    recordEnd(em, operation, 'ROLE_EXPIRING', grant);
    tell(em, operation, grant, { holder: people.get(grant.userId), giver: giverOf(grant, people, mayGive) });
  }
}

function giverOf(
  { userId, grantedById }: DueGrant,
  people: ReadonlyMap<string, Person>,
  mayGive: (id: string) => boolean,
): Person | undefined {
  const isAnother = grantedById !== null && grantedById !== userId;
  return isAnother && mayGive(grantedById) ? people.get(grantedById) : undefined;
}

interface Told {
  readonly holder: Person | undefined;
  readonly giver: Person | undefined;
}

function tell(
  em: EntityManager,
  { services }: Operation,
  { role, expiresAt }: DueGrant,
  { holder, giver }: Told,
): void {
  const { outbox, publicUrl } = services;
  if (!holder) return;
  const toHolder = roleExpiringMail(holder.email, holder.username, publicUrl(), role, expiresAt);
  outbox.enqueueNotice(em, toHolder, wantsNotice(holder));
  if (!giver) return;
  const terms = { holder: holder.username, role };
  const toGiver = givenRoleExpiringMail(giver.email, giver.username, publicUrl(), terms, expiresAt);
  outbox.enqueueNotice(em, toGiver, wantsNotice(giver));
}

/** Reads without locking: somebody who is just changing their address may be mailed at the old one. */
async function readPeople(em: EntityManager, grants: readonly DueGrant[]): Promise<Map<string, Person>> {
  const ids = grants.flatMap(({ userId, grantedById }) => (grantedById ? [userId, grantedById] : [userId]));
  const rows = await em.execute<Person[]>(
    `select id, username, email, is_active as "isActive", is_verified as "isVerified",
       email_notifications as "emailNotifications" from users where id = any(?::uuid[])`,
    [`{${ids.join()}}`],
  );
  return new Map(rows.map((row) => [row.id, row]));
}
