import { Migration } from '@mikro-orm/migrations';
import { twoFactors, users } from './routines/signal.js';

/** Processes answer from memory what a caller's account is, so each change of it is signalled. */
export class Migration20261208100000_remembered_accounts extends Migration {
  override up(): void {
    this.addSql('drop trigger "users_signal" on "users"');
    this.addSql(users.create);
    this.addSql(twoFactors.create);
  }

  override down(): void {
    this.addSql('drop trigger "two_factors_signal" on "two_factors"');
    this.addSql('drop trigger "users_signal" on "users"');
    this.addSql(`create trigger "users_signal" after update of "is_active", "is_admin", "email" or delete on "users"
    for each row execute function gatehouse_signal('user', 'id')`);
  }
}
