import type { Transaction } from './transaction.js';

/**
 * Every advisory lock that the service takes. The numbers are arbitrary; nothing else in this database may lock them.
 */
export const advisoryLocks = {
  /** One process migrates at a time. */
  migration: 7_041_001,
  /** Signing keys change in one transaction at a time. */
  signingKeys: 7_041_002,
  /** Of several processes that start at once one makes the first administrator. */
  firstAdministrator: 7_041_003,
  /** Security events are published in one transaction at a time. */
  publishing: 7_041_004,
  /** The process that publishes security events holds it; see `Leadership`. */
  sequencer: 7_041_008,
  /** Roles are made one at a time, so that their number can be bounded. */
  newRole: 7_041_005,
  /** Role names are taken one at a time, so that of two that look alike one is refused. */
  roleName: 7_041_006,
  /** One process makes the index of the search at a time. */
  searchIndex: 7_041_007,
} as const;

/** Waits for the lock and holds it until the transaction ends. */
export async function takeAdvisoryLock(tx: Transaction, name: keyof typeof advisoryLocks): Promise<void> {
  await tx.rows('select pg_advisory_xact_lock($1)', [advisoryLocks[name]]);
}
