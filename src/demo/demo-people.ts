import { grantInForce } from '../access/grants.js';
import { openSecret } from '../authentication/second-factor/sealed-secret.js';
import type { DemoPerson, Services } from '../services.js';
import { passwordOf } from './demo-passwords.js';
import { staff } from './staff.js';
import { visitors } from './visitors.js';

interface Row {
  readonly id: string;
  readonly username: string;
  readonly fullName: string;
  readonly roles: string[];
  /** Of the second factor. */
  readonly sealed: Buffer | null;
}

/** Without accounts whose password was changed after the demo had made it. */
const text = `
  select u.id, u.username, concat_ws(' ', u.first_name, u.last_name) as "fullName", f.sealed_secret as sealed,
    array(select r.name from role_grants g join roles r on r.id = g.role_id
      where g.user_id = u.id and r.deleted_at is null and r.name <> 'user' and ${grantInForce('g', '$2')}
      order by r.level desc, r.name) as roles
  from users u left join two_factors f on f.user_id = u.id and f.confirmed_at is not null
  where u.username = any($1::text[]) and u.password_changed_at = u.created_at`;

/**
 * The people of the demo as they stand now, with their passwords, those to be introduced first. Whoever has been deleted or
 * has another password is missing.
 */
export async function readDemoPeople({
  clock,
  database,
  secrets,
}: Pick<Services, 'clock' | 'database' | 'secrets'>): Promise<DemoPerson[]> {
  const rows = await database.sql.rows<Row>(text, [inOrder, clock.now()]);
  const found = new Map(rows.map((row) => [row.username, row]));
  return inOrder.flatMap((username) => {
    const row = found.get(username);
    if (!row) return [];
    const { id, sealed, ...person } = row;
    const secret = sealed && openSecret(secrets, sealed, id);
    return [{ ...person, password: passwordOf(secrets, username), tryThis: invitationTo(username, secret) }];
  });
}

const invited = new Map(visitors.map(({ username, tryThis }) => [username, tryThis]));
const inOrder = [...new Set([...invited.keys(), ...staff.map(({ username }) => username)])];

/** @param secret of the second factor, for an authenticator app */
function invitationTo(username: string, secret: string | null): string {
  const sentence = invited.get(username) ?? '';
  return sentence && secret
    ? `${sentence.replace(/\.$/, '')}; type the secret ${secret} into an authenticator app.`
    : sentence;
}
