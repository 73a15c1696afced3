import { Migration } from '@mikro-orm/migrations';

/** How far imports of files of people have got, so that an interrupted one goes on where it stopped. */
export class Migration20261129100000_user_imports extends Migration {
  override up(): void {
    this.addSql(`create table "user_imports" (
      "content" bytea not null,
      "format" text not null,
      "place" bigint not null default 0,
      "imported" bigint not null default 0,
      "started_at" timestamptz not null,
      "updated_at" timestamptz not null,
      constraint "user_imports_pkey" primary key ("content", "format")
    )`);
    this.addSql(`create table "user_import_refusals" (
      "content" bytea not null,
      "format" text not null,
      "place" bigint not null,
      constraint "user_import_refusals_pkey" primary key ("content", "format", "place"),
      constraint "user_import_refusals_import_foreign" foreign key ("content", "format")
        references "user_imports" ("content", "format") on delete cascade
    )`);
  }

  override down(): void {
    this.addSql('drop table "user_import_refusals"');
    this.addSql('drop table "user_imports"');
  }
}
