import { Migration } from '@mikro-orm/migrations';

const tables = ['comments', 'posts', 'roles', 'users'];

/** Versions of what people edit. A constant default is no rewrite of a table. */
export class Migration20261201200000_versions extends Migration {
  override up(): void {
    for (const table of tables) this.addSql(`alter table "${table}" add column "version" int not null default 1`);
  }

  override down(): void {
    for (const table of tables) this.addSql(`alter table "${table}" drop column "version"`);
  }
}
