import { type PageRequest, Parameters, windowOf } from '../database/keyset.js';
import {
  cursorOfPlaced,
  keysetOf,
  type Order,
  type Page,
  type Placed,
  pageOf,
  refusingCursors,
} from '../database/pages.js';
import type { Operation } from '../operation.js';

/** Also the values of the GraphQL enum `JobState`. */
export enum JobState {
  WAITING = 'WAITING',
  RUNNING = 'RUNNING',
}

/** A job that is done, or will be. */
export interface ListedJob {
  readonly id: string;
  readonly task: string;
  readonly isPeriodic: boolean;
  readonly state: JobState;
  readonly payload: Buffer | null;
  readonly attempts: number;
  readonly lastError: string | null;
  readonly createdAt: Date;
  readonly dueAt: Date;
  readonly expiresAt: Date | null;
}

export interface JobFilter {
  readonly task?: string | null | undefined;
  readonly state?: JobState | null | undefined;
}

const dueFirst: Order = { expression: 'j.due_at', type: 'timestamptz', id: 'j.id', direction: 'asc' };

/** By the database's clock, as claims are. False, not null, for a job that nobody has claimed. */
const isRunning = 'coalesce(j.claimed_until > now(), false)';

/** Lists the jobs that wait or run, those due first in front. @throws BAD_USER_INPUT for invalid page arguments */
export async function listJobs(
  { services }: Operation,
  filter: JobFilter | null | undefined,
  page: PageRequest,
): Promise<Page<ListedJob>> {
  const { lists: sql } = services.database;
  const window = windowOf(page);
  const parameters = new Parameters();
  const source = alive(filter, parameters);
  const { bounds, orderBy } = keysetOf(window, dueFirst, parameters);
  const text = `
    select j.id, j.task, j.is_periodic as "isPeriodic", case when ${isRunning} then 'RUNNING' else 'WAITING' end as state,
      j.payload, j.attempts, j.last_error as "lastError", j.created_at as "createdAt", j.due_at as "dueAt",
      j.expires_at as "expiresAt", j.due_at::text as position
    ${[source, ...bounds].join(' and ')} order by ${orderBy} limit ${parameters.add(window.size + 1)}`;
  const rows = await refusingCursors(sql.rows<Placed<ListedJob>>(text, parameters.values, 'fresh'));
  return pageOf(rows, window, cursorOfPlaced, async () => {
    const values = new Parameters();
    const counting = `select count(*)::int as count ${alive(filter, values)}`;
    return (await sql.row<{ count: number }>(counting, values.values))?.count ?? 0;
  });
}

function alive(filter: JobFilter | null | undefined, parameters: Parameters): string {
  const conditions = ['j.due_at is not null'];
  if (filter?.task != null) conditions.push(`j.task = ${parameters.add(filter.task)}`);
  if (filter?.state != null) conditions.push(`${filter.state === JobState.RUNNING ? '' : 'not '}${isRunning}`);
  return `from jobs j where ${conditions.join(' and ')}`;
}
