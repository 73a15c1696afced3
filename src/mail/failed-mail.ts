import type { Services } from '../services.js';
import { mailTask } from './outbox.js';

/** What may be known of a mail that waits or failed: no subject, no text. */
export interface FailedMail {
  readonly recipient: string;
  readonly kind: string | null;
}

/** A row of the queue. */
export interface MailJob {
  readonly task: string;
  readonly payload: Buffer | null;
}

/** @returns null for a job that is no mail, and for a mail that was encrypted under another APP_SECRET */
export function failedMail({ outbox }: Pick<Services, 'outbox'>, job: MailJob): FailedMail | null {
  if (job.task !== mailTask) return null;
  try {
    const { to, kind = null } = outbox.open(job);
    return { recipient: to, kind };
  } catch {
    return null;
  }
}
