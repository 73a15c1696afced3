import { Migration } from '@mikro-orm/migrations';
import { sessions, sessionsDeleted } from './routines/signal.js';

/**
 * Requests for mail that cannot be answered are put off and set aside, mails tried before stand in a line of their own,
 * and whatever runs out can be found and swept without reading what is still needed.
 */
export class Migration20261126140000_bounds extends Migration {
  override up(): void {
    for (const statement of [...requests, ...indexes, ...signals]) this.addSql(statement);
  }

  override down(): void {
    for (const statement of undone) this.addSql(statement);
  }
}

const requests = [
  `alter table "mail_requests" add column "attempts" int not null default 0,
    add column "next_attempt_at" timestamptz not null default now(), add column "set_aside_at" timestamptz null`,
  `update "mail_requests" set "next_attempt_at" = "created_at"`,
  `drop index "mail_requests_created_at_index"`,
  `create index "mail_requests_due" on "mail_requests" ("next_attempt_at") where "set_aside_at" is null`,
  `create index "mail_requests_set_aside" on "mail_requests" ("set_aside_at") where "set_aside_at" is not null`,
];

const indexes = [
  `drop index "outgoing_mails_next_attempt_at_index"`,
  `create index "outgoing_mails_new" on "outgoing_mails" ("next_attempt_at") where "attempts" = 0`,
  `create index "outgoing_mails_tried" on "outgoing_mails" ("next_attempt_at") where "attempts" > 0`,
  `create index "sessions_ended" on "sessions" ("ended_at") where "ended_at" is not null`,
  `create index "refresh_tokens_created_at_index" on "refresh_tokens" ("created_at")`,
  `create index "mailed_tokens_expires_at_index" on "mailed_tokens" ("expires_at")`,
  `create index "mailed_tokens_used" on "mailed_tokens" ("used_at") where "used_at" is not null`,
  `create index "two_factors_unconfirmed" on "two_factors" ("created_at") where "confirmed_at" is null`,
  `create index "api_tokens_over" on "api_tokens" (least("revoked_at", "expires_at"))`,
  `create index "rate_limits_expire" on "rate_limits" ("expire")`,
];

const signals = ['drop trigger "sessions_signal" on "sessions"', sessions.create, sessionsDeleted.create];

const added = [
  ...['sessions_ended', 'refresh_tokens_created_at_index', 'mailed_tokens_expires_at_index', 'mailed_tokens_used'],
  ...['two_factors_unconfirmed', 'api_tokens_over', 'rate_limits_expire', 'outgoing_mails_new', 'outgoing_mails_tried'],
  ...['mail_requests_due', 'mail_requests_set_aside'],
];

const undone = [
  `drop trigger "sessions_deleted_signal" on "sessions"`,
  `drop trigger "sessions_signal" on "sessions"`,
  `create trigger "sessions_signal" after update of "ended_at" or delete on "sessions"
    for each row execute function gatehouse_signal('session', 'id')`,
  ...added.map((index) => `drop index "${index}"`),
  `create index "outgoing_mails_next_attempt_at_index" on "outgoing_mails" ("next_attempt_at")`,
  // The old program would try these again for ever.
  `delete from "mail_requests" where "set_aside_at" is not null`,
  `alter table "mail_requests" drop column "attempts", drop column "next_attempt_at", drop column "set_aside_at"`,
  `create index "mail_requests_created_at_index" on "mail_requests" ("created_at")`,
];
