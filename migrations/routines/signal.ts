import type { Routine, Trigger } from './routine.js';

/** Tells every process of something when the transaction commits, in the ways in which they listen; see `database/signals.ts`. */
export const tell: Routine = {
  name: 'gatehouse_tell',
  purpose:
    'Writes a signal to signal_outbox when a process reads that, and notifies when one listens for notifications, or none reads.',
  create: `create function gatehouse_tell(topic text, detail text default '') returns void language plpgsql as $$
  declare
    what text := coalesce(detail, '');
    -- A transaction that keeps one snapshot does not see who has registered since.
    is_blind boolean := current_setting('transaction_isolation') <> 'read committed';
    is_read boolean := is_blind or exists (select from signal_readers where hears = 'outbox');
  begin
    if is_read then
      insert into signal_outbox (topic, detail) values (topic, what) on conflict do nothing;
    end if;
    if is_blind or not is_read or exists (select from signal_readers where hears = 'notify') then
      perform pg_notify('gatehouse', topic || case what when '' then '' else ':' || what end);
    end if;
  end $$`,
};

/** Tells every process of a change when it commits. */
export const signal: Routine = {
  name: 'gatehouse_signal',
  purpose: 'Called as (topic, column) it tells `topic:<value of the column>`, called as (topic) `topic` alone.',
  create: `create function gatehouse_signal() returns trigger language plpgsql as $$
  begin
    if tg_nargs = 1 then
      perform gatehouse_tell(tg_argv[0]);
    else
      perform gatehouse_tell(tg_argv[0], to_jsonb(case when tg_op = 'DELETE' then old else new end) ->> tg_argv[1]);
    end if;
    return null;
  end $$`,
};

interface Signal {
  readonly name: string;
  readonly table: string;
  /** The changes that are signalled, as `create trigger` names them. */
  readonly after: string;
  readonly topic: string;
  readonly purpose: string;
}

/** One signal for each statement, however many rows it changes. */
const perStatement = ({ name, table, after, topic, purpose }: Signal): Trigger => ({
  name,
  table,
  purpose,
  create: `create trigger "${name}" after ${after} on "${table}"
    for each statement execute function gatehouse_signal('${topic}')`,
});

/** One signal for each row, with the value of one of its columns. */
const perRow = ({ name, table, after, topic, purpose, column, when = '' }: Signal & RowSignal): Trigger => ({
  name,
  table,
  purpose,
  create: `create trigger "${name}" after ${after} on "${table}"
    for each row ${when} execute function gatehouse_signal('${topic}', '${column}')`,
});

interface RowSignal {
  readonly column: string;
  readonly when?: string;
}

/** All but the time of the last sign-in, the hash of the password and the lock, which are not remembered. */
const remembered = [
  'username',
  'email',
  'first_name',
  'last_name',
  'avatar_url',
  'bio',
  'location',
  'website',
  'timezone',
  'language',
  'email_notifications',
  'is_admin',
  'is_active',
  'is_verified',
  'password_changed_at',
  'created_at',
  'version',
];

export const users = perRow({
  name: 'users_signal',
  table: 'users',
  after: `update of ${remembered.map((column) => `"${column}"`).join(', ')} or delete`,
  topic: 'user',
  column: 'id',
  purpose: 'Processes forget the rights and the row of an account that changes or goes.',
});

export const twoFactors = perRow({
  name: 'two_factors_signal',
  table: 'two_factors',
  after: 'insert or update of "confirmed_at" or delete',
  topic: 'user',
  column: 'user_id',
  purpose: 'Processes forget whether the account has a second factor.',
});

export const sessions = perRow({
  name: 'sessions_signal',
  table: 'sessions',
  after: 'update of "ended_at"',
  topic: 'session',
  column: 'id',
  purpose: 'Sockets and remembered tokens of a session end with it.',
});

export const sessionsDeleted = perRow({
  name: 'sessions_deleted_signal',
  table: 'sessions',
  after: 'delete',
  when: 'when (old."ended_at" is null)',
  topic: 'session',
  column: 'id',
  purpose: 'The same for a living session that is deleted. One that had ended before is no news.',
});

export const roleGrants = perRow({
  name: 'role_grants_signal',
  table: 'role_grants',
  after: 'insert or update or delete',
  topic: 'user',
  column: 'user_id',
  purpose: 'Processes forget the rights of the holder.',
});

export const permissions = perStatement({
  name: 'permissions_signal',
  table: 'permissions',
  after: 'insert or update or delete',
  topic: 'roles',
  purpose: 'Processes read the roles again.',
});

export const roles = perStatement({
  name: 'roles_signal',
  table: 'roles',
  after: 'update or delete',
  topic: 'roles',
  purpose: 'Processes read the roles again.',
});

export const rolesMade = perStatement({
  name: 'roles_made_signal',
  table: 'roles',
  after: 'insert',
  topic: 'roles',
  purpose: 'Processes read the roles again.',
});

export const apiTokens = perRow({
  name: 'api_tokens_signal',
  table: 'api_tokens',
  after: 'update of "revoked_at" or delete',
  topic: 'token',
  column: 'id',
  purpose: 'Sockets and what is remembered of an API token end with it.',
});

export const signingKeys = perStatement({
  name: 'signing_keys_signal',
  table: 'signing_keys',
  after: 'insert or update or delete',
  topic: 'keys',
  purpose: 'Processes read the signing keys again.',
});

export const posts = perStatement({
  name: 'posts_signal',
  table: 'posts',
  after: 'insert or update or delete',
  topic: 'content',
  purpose: 'Processes forget the public posts.',
});

const authorOf = (table: 'posts' | 'comments'): Trigger =>
  perRow({
    name: `${table}_author_signal`,
    table,
    after: 'insert or delete',
    topic: 'author',
    column: 'author_id',
    purpose: 'Processes forget the counts of the author.',
  });

export const postAuthors = authorOf('posts');
export const commentAuthors = authorOf('comments');
