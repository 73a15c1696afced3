import { after, days } from '../../clock.js';
import type { Transaction } from '../../database/transaction.js';
import { type Recipient, spokenColumns } from '../../mail/recipient.js';
import type { Operation } from '../../operation.js';
import { rightsWithin } from '../standing.js';
import { type DueGrant, recordEnd, type Telling, tellOfDueGrants } from './due-grants.js';
import { type Notified, wantsNotice } from './wants-notice.js';

const notice = days(7);

/**
 * Announces grants that end within seven days: records an event and mails the holder and the person who granted the
 * role, if that is somebody else who may still grant roles.
 */
export function announceExpiry(operation: Operation, signal?: AbortSignal): Promise<void> {
  const now = operation.services.clock.now();
  const telling: Telling = {
    column: 'expiry_announced_at',
    due: 'g.expires_at > $3 and g.expires_at <= $4 and g.granted_at <= $5',
    parameters: [now, after(now, notice), now],
    tell: (tx, grants) => announce(tx, operation, grants),
  };
  return tellOfDueGrants(operation, telling, signal);
}

type Person = Notified & Recipient & { readonly id: string; readonly username: string };

async function announce(tx: Transaction, operation: Operation, grants: readonly DueGrant[]): Promise<void> {
  const people = await readPeople(tx, grants);
  const giving = await rightsWithin(
    tx,
    operation,
    grants.flatMap(({ grantedById }) => grantedById ?? []),
  );
  const mayGive = (id: string) => (giving.get(id)?.extentOf('role:grant') ?? 'none') !== 'none';
  for (const grant of grants) {
    recordEnd(tx, operation, 'ROLE_EXPIRING', grant);
    tell(tx, operation, grant, { holder: people.get(grant.userId), giver: giverOf(grant, people, mayGive) });
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

function tell(tx: Transaction, { services }: Operation, { role, expiresAt }: DueGrant, { holder, giver }: Told): void {
  const { outbox, mails } = services;
  if (!holder) return;
  const toHolder = mails.write('role-expiring', holder, { role, end: expiresAt });
  outbox.enqueueNotice(tx, toHolder, wantsNotice(holder));
  if (!giver) return;
  const toGiver = mails.write('given-role-expiring', giver, { role, holder: holder.username, end: expiresAt });
  outbox.enqueueNotice(tx, toGiver, wantsNotice(giver));
}

/** Reads without locking: somebody who is just changing their address may be mailed at the old one. */
async function readPeople(tx: Transaction, grants: readonly DueGrant[]): Promise<Map<string, Person>> {
  const ids = grants.flatMap(({ userId, grantedById }) => (grantedById ? [userId, grantedById] : [userId]));
  const rows = await tx.rows<Person>(
    `select u.id, u.username, u.email, ${spokenColumns}, u.is_active as "isActive", u.is_verified as "isVerified",
       u.email_notifications as "emailNotifications" from users u where u.id = any($1::uuid[])`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}
