import type { Transaction } from '../../database/transaction.js';
import type { Operation } from '../../operation.js';
import { traceOf } from '../../operations/trace.js';
import { PartlyFailed } from '../../queue/partly-failed.js';
import { record } from '../../security-events/record.js';

/** A grant whose end is to be announced or recorded. Its row is locked, and its role is not deleted. */
export interface DueGrant {
  readonly id: string;
  readonly userId: string;
  readonly grantedById: string | null;
  readonly roleId: string;
  readonly role: string;
  readonly expiresAt: Date;
}

/** `expiresAt` in milliseconds since 1970. */
type DueRow = Omit<DueGrant, 'expiresAt'> & { readonly expiresAt: number };

/** What is told of due grants, and of which. */
export interface Telling {
  /** The column that marks grants as done. */
  readonly column: 'expiry_announced_at' | 'expiry_recorded_at';
  /** SQL condition on `role_grants g`; its parameters are `$3` and following. */
  readonly due: string;
  readonly parameters: readonly Date[];
  /** Runs in the transaction that marks the grants. */
  readonly tell: (tx: Transaction, grants: readonly DueGrant[]) => Promise<void>;
}

const batchSize = 100;

/**
 * Processes each due grant once, even when several processes do so at the same time: the mark and its effects are one
 * transaction. When a batch fails, its grants are processed one by one, so a faulty one does not block the others; it
 * is logged and tried again in the next run.
 * @param signal looked at before each batch
 * @throws PartlyFailed when there were faulty ones; the signal's reason
 */
export async function tellOfDueGrants(
  operation: Operation,
  telling: Telling,
  signal: AbortSignal | undefined,
): Promise<void> {
  const failed: Untold[] = [];
  for (let size = batchSize, told = size; told === size; ) {
    signal?.throwIfAborted();
    try {
      told = await tellOfBatch(operation, telling, idsOf(failed), size);
    } catch (error) {
      if (!(error instanceof Untold)) throw error;
      if (size === 1) skip(operation, failed, error);
      size = told = 1;
    }
  }
  if (failed.length > 0) throw new PartlyFailed(failed.map(({ cause }) => cause));
}

/** The error of a batch, with the ids of its grants. */
class Untold extends Error {
  constructor(
    readonly ids: readonly string[],
    override readonly cause: unknown,
  ) {
    super('Grants could not be told of');
  }
}

/** Skips these grants until the next run. */
function skip({ services }: Operation, failed: Untold[], error: Untold): void {
  failed.push(error);
  services.log.warn({ grants: error.ids, ...traceOf(error.cause) }, 'The end of a grant could not be told');
}

const idsOf = (failed: readonly Untold[]): string[] => failed.flatMap(({ ids }) => ids);

async function tellOfBatch(
  operation: Operation,
  { column, due, parameters, tell }: Telling,
  failed: readonly string[],
  size: number,
): Promise<number> {
  const { database, clock } = operation.services;
  let taken: readonly DueGrant[] = [];
  const work = async (tx: Transaction) => {
    const rows = await tx.rows<DueRow>(
      `select g.id, g.user_id as "userId", g.granted_by_id as "grantedById", r.id as "roleId", r.name as role,
         (extract(epoch from g.expires_at) * 1000)::float8 as "expiresAt"
       from role_grants g join roles r on r.id = g.role_id
       where g.revoked_at is null and g.${column} is null and r.deleted_at is null and ${due}
         and not g.id = any($1::uuid[])
       order by g.expires_at, g.id limit $2 for update of g skip locked`,
      [failed, size, ...parameters],
    );
    taken = rows.map((row) => ({ ...row, expiresAt: new Date(row.expiresAt) }));
    if (taken.length === 0) return;
    const ids = taken.map(({ id }) => id);
    await tx.rows(`update role_grants set ${column} = $1 where id = any($2::uuid[])`, [clock.now(), ids]);
    await tell(tx, taken);
  };
  await database.transaction(work).catch((error: unknown) => {
    throw taken.length > 0
      ? new Untold(
          taken.map(({ id }) => id),
          error,
        )
      : error;
  });
  return taken.length;
}

/** Records the security event about the end of a grant. */
export function recordEnd(
  tx: Transaction,
  operation: Operation,
  type: 'ROLE_EXPIRING' | 'ROLE_EXPIRED',
  { id, userId, roleId, role, expiresAt }: DueGrant,
): void {
  const details = { roleId, role, grantId: id, expiresAt: expiresAt.toISOString() };
  record(tx, operation, { type, subjectId: userId, details });
}
