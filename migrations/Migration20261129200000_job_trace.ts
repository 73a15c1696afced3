import { Migration } from '@mikro-orm/migrations';

/** Where in a trace a job was written. */
export class Migration20261129200000_job_trace extends Migration {
  override up(): void {
    this.addSql('alter table "jobs" add column "trace_parent" text null');
  }

  override down(): void {
    this.addSql('alter table "jobs" drop column "trace_parent"');
  }
}
