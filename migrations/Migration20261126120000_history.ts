import { Migration } from '@mikro-orm/migrations';
import * as account from './routines/account-history.js';

/**
 * How accounts stand is written down by the database itself, however they are changed; and an attempt under way
 * holds its place for a while instead of being counted, so that only wrong ones count.
 */
export class Migration20261126120000_history extends Migration {
  override up(): void {
    for (const statement of [...history, ...attempts]) this.addSql(statement);
  }

  override down(): void {
    for (const statement of undone) this.addSql(statement);
  }
}

const history = [
  account.now.create,
  account.accountMade.create,
  account.usersMade.create,
  account.accountChanged.create,
  account.usersChanged.create,
];

const attempts = [`alter table "attempts" add column "pending" jsonb not null default '{}'`];

const undone = [
  `drop trigger "users_made_history" on "users"`,
  `drop trigger "users_changed_history" on "users"`,
  'drop function gatehouse_account_made()',
  'drop function gatehouse_account_changed()',
  'drop function gatehouse_now()',
  `alter table "attempts" drop column "pending"`,
];
