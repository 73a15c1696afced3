/** Why a replica is not used. */
export type Absence =
  | 'away'
  | 'silent'
  | 'unsettled'
  | 'not a replica'
  | 'of another server'
  | 'of another database'
  | 'diverged'
  | 'failing'
  | 'behind';

/** What the log and the doctor say of it. */
export const wordsOf: Readonly<Record<Absence, string>> = {
  away: 'it cannot be reached',
  silent: 'it does not answer',
  unsettled: 'it has just been found',
  'not a replica': 'it is not a standby; it may have become a primary',
  'of another server': 'it is not a replica of the server at DATABASE_URL',
  'of another database': 'its URL names another database than DATABASE_URL',
  diverged: 'it has what the primary does not have, or does not follow it since another one became the primary',
  failing: 'a statement failed there',
  behind: 'it is too far behind the primary',
};
