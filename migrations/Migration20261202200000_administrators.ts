import { Migration } from '@mikro-orm/migrations';

/** Administrators, now and in the past, are found without reading every account. */
export class Migration20261202200000_administrators extends Migration {
  override up(): void {
    this.addSql('create index "users_administrators" on "users" ("id") where "is_admin"');
    this.addSql('create index "account_states_administrators" on "account_states" ("user_id") where "is_admin"');
  }

  override down(): void {
    this.addSql('drop index "users_administrators"');
    this.addSql('drop index "account_states_administrators"');
  }
}
