import { Migration } from '@mikro-orm/migrations';

/** Each claim of a job gets an id, so that an earlier one is never taken for it. */
export class Migration20261127120000_claims extends Migration {
  override up(): void {
    this.addSql('alter table "jobs" add column "claim_id" uuid null');
  }

  override down(): void {
    this.addSql('alter table "jobs" drop column "claim_id"');
  }
}
