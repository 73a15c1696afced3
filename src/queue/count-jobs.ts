import type { Operation } from '../operation.js';

/** How the jobs of one task stand. */
export interface JobCounts {
  readonly task: string;
  /** Jobs that are due or will be; a periodic job is always one. */
  readonly waiting: number;
  readonly running: number;
  readonly failed: number;
  /** When the next one is due; null when none waits. */
  readonly nextDueAt: Date | null;
}

const counts = `
  select task, count(*) filter (where claimed_until is null and due_at is not null)::int as waiting,
    count(claimed_until)::int as running, count(failed_at)::int as failed,
    min(due_at) filter (where claimed_until is null) as "nextDueAt"
  from jobs group by task order by task`;

/** Counts the jobs of each task that has any. */
export const countJobs = ({ services }: Pick<Operation, 'services'>): Promise<JobCounts[]> =>
  services.database.sql.rows<JobCounts>(counts);
