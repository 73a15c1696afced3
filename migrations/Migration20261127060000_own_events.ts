import { Migration } from '@mikro-orm/migrations';

/** Users read the newest of their own security events, however many events of others lie between them. */
export class Migration20261127060000_own_events extends Migration {
  override up(): void {
    this.addSql(
      'create index "security_events_subject_id_sequence_index" on "security_events" ("subject_id", "sequence")',
    );
    this.addSql('drop index "security_events_subject_id_index"');
  }

  override down(): void {
    this.addSql('create index "security_events_subject_id_index" on "security_events" ("subject_id")');
    this.addSql('drop index "security_events_subject_id_sequence_index"');
  }
}
