import { Migration } from '@mikro-orm/migrations';

/** When the user of a session last proved who they are again; null: not since the sign-in. */
export class Migration20261201100000_session_proofs extends Migration {
  override up(): void {
    this.addSql('alter table "sessions" add column "reauthenticated_at" timestamptz null');
  }

  override down(): void {
    this.addSql('alter table "sessions" drop column "reauthenticated_at"');
  }
}
