/**
 * SQL that selects the ids of locked accounts from the indexes of locks: by wrong attempts on the account as a whole, and by
 * administrators. An id may occur twice, and may belong to an account that is deleted by now.
 * @param now placeholder of the current instant
 */
export const lockedIds = (now: string): string => `
  select a.user_id from attempts a where a.locked_until > ${now} and a.user_id is not null
    and a.key in ('password:' || a.user_id, 'code:' || a.user_id)
  union all
  select l.id from users l where l.locked_by_admin_until > ${now}`;
