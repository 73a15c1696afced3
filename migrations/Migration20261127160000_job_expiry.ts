import { Migration } from '@mikro-orm/migrations';

/** Until when a job that failed may be run again. */
export class Migration20261127160000_job_expiry extends Migration {
  override up(): void {
    this.addSql('alter table "jobs" add column "expires_at" timestamptz null');
  }

  override down(): void {
    this.addSql('alter table "jobs" drop column "expires_at"');
  }
}
