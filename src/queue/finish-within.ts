import type { Transaction } from '../database/transaction.js';
import { deleteJob } from './job-statements.js';
import type { ClaimedJob } from './task.js';

/**
 * Finishes a job in the transaction that does its work, so that it is done exactly once.
 * @throws when another process has claimed the job meanwhile; then nothing may be committed
 */
export async function finishWithin(tx: Transaction, { id, claim }: ClaimedJob): Promise<void> {
  const gone = await tx.rows(`${deleteJob} returning id`, [id, claim]);
  if (gone.length === 0) throw new Error('The claim of this job has ended');
}
