/**
 * Kinds of signals. The database's triggers or `gatehouse_tell('topic', 'detail')` send them. `forget` is an operator's,
 * who has everything forgotten that is remembered of the database, and so is `log-level`. `reset` is local:
 * the connection is new, or notifications do not arrive, so signals may have been missed.
 */
export type Topic =
  | 'user'
  | 'session'
  | 'token'
  | 'roles'
  | 'keys'
  | 'event'
  | 'published'
  | 'content'
  | 'author'
  | 'call'
  | 'wrote'
  | 'echo'
  | 'forget'
  | 'log-level'
  | 'reset';
