import { Migration } from '@mikro-orm/migrations';

/**
 * A session's row has the hashes of its current refresh token and of the one before; older ones prove by themselves that they
 * were issued. So a refresh adds no row. Tokens of before keep their rows and are exchanged as they were.
 */
export class Migration20261209100000_session_tokens extends Migration {
  override up(): void {
    this.addSql(`alter table "sessions"
      add column "token_hash" bytea null, add column "token_generation" integer not null default 0,
      add column "previous_token_hash" bytea null, add column "token_exchanged_at" timestamptz null`);
  }

  /** Open sessions go on: the version before takes any token that has a row. It does not recognize those older than two. */
  override down(): void {
    this.addSql(`insert into "refresh_tokens" ("token_hash", "session_id", "created_at")
      select "token_hash", "id", "last_used_at" from "sessions" where "token_hash" is not null and "ended_at" is null`);
    this.addSql(`insert into "refresh_tokens" ("token_hash", "session_id", "created_at", "used_at", "successor_hash")
      select "previous_token_hash", "id", "created_at", "token_exchanged_at", "token_hash"
      from "sessions" where "previous_token_hash" is not null and "ended_at" is null
      on conflict do nothing`);
    this.addSql(`alter table "sessions" drop column "token_hash", drop column "token_generation",
      drop column "previous_token_hash", drop column "token_exchanged_at"`);
  }
}
