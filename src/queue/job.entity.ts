import { randomUUID } from 'node:crypto';
import { Entity, Index, OptionalProps, PrimaryKey, Property } from '@mikro-orm/core';

/**
 * Work for any process of the service. A job that is done once is written in the transaction that causes it, and deleted
 * when it is done; a periodic job has one row for good.
 */
@Entity({ tableName: 'jobs' })
@Index({
  name: 'jobs_new',
  expression: 'create index "jobs_new" on "jobs" ("task", "due_at") where "attempts" = 0',
})
@Index({
  name: 'jobs_tried',
  expression: 'create index "jobs_tried" on "jobs" ("task", "due_at") where "attempts" > 0',
})
@Index({
  name: 'jobs_failed',
  expression: 'create index "jobs_failed" on "jobs" ("failed_at", "id") where "failed_at" is not null',
})
@Index({
  name: 'jobs_address',
  expression: 'create index "jobs_address" on "jobs" ("address") where "address" is not null',
})
@Index({
  name: 'jobs_periodic',
  expression: 'create unique index "jobs_periodic" on "jobs" ("task") where "is_periodic"',
})
export class Job {
  [OptionalProps]?: 'id' | 'attempts' | 'isPeriodic';

  @PrimaryKey({ type: 'uuid' })
  id: string = randomUUID();

  /** Name of the task in `jobs.ts`. */
  @Property({ type: 'text' })
  task!: string;

  @Property({ type: 'boolean', default: false })
  isPeriodic = false;

  /** What the task needs to know, in its own format. A mail is encrypted, because it contains valid tokens. */
  @Property({ columnType: 'bytea', nullable: true })
  payload?: Buffer | null;

  /** E-mail address that a mail or a request is for. Such jobs are deleted with its account. */
  @Property({ type: 'text', nullable: true })
  address?: string | null;

  @Property({ columnType: 'timestamptz' })
  createdAt!: Date;

  /** Null: given up; it runs again only when somebody says so. */
  @Property({ columnType: 'timestamptz', nullable: true })
  dueAt?: Date | null;

  /** From then on nobody awaits what it does, and `retryJob` refuses it; null: no such time. */
  @Property({ columnType: 'timestamptz', nullable: true })
  expiresAt?: Date | null;

  /** Where in a trace the job was written, as a W3C `traceparent`; null: nowhere. */
  @Property({ type: 'text', nullable: true })
  traceParent?: string | null;

  /** While a process runs the job. The process renews it; when it has passed, the process is presumed dead. */
  @Property({ columnType: 'timestamptz', nullable: true })
  claimedUntil?: Date | null;

  /** Id of the claim, new with each; null: nobody runs the job. */
  @Property({ type: 'uuid', nullable: true })
  claimId?: string | null;

  /** Number of attempts since it last succeeded, including the running one. */
  @Property({ type: 'integer', default: 0 })
  attempts = 0;

  /** Why the last attempt failed; contains no secrets. */
  @Property({ type: 'text', nullable: true })
  lastError?: string | null;

  /** When it had failed as often as its task allows. */
  @Property({ columnType: 'timestamptz', nullable: true })
  failedAt?: Date | null;
}
