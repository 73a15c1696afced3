import { userAttributeColumns } from '../access/account-attributes.js';
import type { PastRecord, PastRoles } from '../access/explain/past.js';
import { accountThen, grantJson } from '../access/explain/past-rows.js';
import { revokedAt } from '../access/grants.js';
import { Parameters } from '../database/keyset.js';
import { isUuid } from '../database/uuid.js';
import type { Operation } from '../operation.js';
import type { Asked } from '../policy/access-check.js';
import { permittedRows } from '../policy/permitted-rows.js';
import { type PossibleCallers, possibleCallers } from '../policy/possible-callers.js';

/** What to read of those who may have been allowed something. */
export interface Scan {
  readonly check: Asked;
  readonly roles: PastRoles;
  readonly at: Date;
  /** Changes after it are ignored; `infinity`: as it is now. */
  readonly known: string;
  /** Id of the user behind whom to go on. */
  readonly after: string | undefined;
  /** Most users to read. */
  readonly size: number;
}

export type PossibleUser = Pick<PastRecord, 'account' | 'grants'>;

/**
 * Reads users who may have been allowed something, of those whom the caller may read, in the order of their ids: each
 * who was, and some for whom the conditions turn out not to be met.
 * @returns their accounts as they were, with the grants of these roles that had begun and not ended
 */
export function readPossibleUsers({ services, caller }: Operation, scan: Scan): Promise<PossibleUser[]> {
  const parameters = new Parameters();
  const [at, known] = [parameters.add(scan.at.toISOString()), parameters.add(scan.known)];
  const size = parameters.add(scan.size);
  const permitted = permittedRows(caller?.rights, 'user:read', userAttributeColumns, parameters);
  const later = scan.after === undefined ? 'true' : `u.id > ${parameters.add(scan.after)}::uuid`;
  const inForce = `g.granted_at <= ${at}::timestamptz and (g.expires_at is null or g.expires_at > ${at})
    and (g.revoked_at is null or g.revoked_at > ${known}::timestamptz)`;
  const part = (where: string) =>
    `(select u.id from users u where ${later} and ${permitted} and ${where} order by u.id limit ${size})`;
  const holding = (roles: readonly string[]) =>
    `u.id in (select g.user_id from role_grants g where g.role_id = any(${parameters.add(roles)}::uuid[]) and ${inForce})`;
  const { forAll, forSome, callers } = waysOf(scan);
  const parts = [
    scan.known === 'infinity'
      ? 'u.is_admin'
      : `u.id in (select a.user_id from account_states a where a.is_admin and a.since <= ${known})`,
    ...(forAll.length > 0 ? [holding(forAll)] : []),
    ...(forSome.length > 0 ? [`${among(callers, scan, parameters)} and ${holding(forSome)}`] : []),
  ].map(part);
  const held = `select coalesce(json_agg(${grantJson(revokedAt, known)} order by g.granted_at desc, g.id), '[]')
    from role_grants g join roles r on r.id = g.role_id
    where g.user_id = u.id and r.id = any(${parameters.add([...scan.roles.living])}::uuid[]) and ${inForce}`;
  const text = `with possible as (select distinct id from (${parts.join(' union all ')}) part order by id limit ${size})
    select json_build_object('userId', u.id, 'email', coalesce(s.email, u.email),
      'isActive', coalesce(s.is_active, false), 'isAdmin', coalesce(s.is_admin, false)) as account, (${held}) as grants
    from possible join users u on u.id = possible.id left join lateral (${accountThen(known)}) s on true
    order by u.id`;
  return services.database.sql.rows<PossibleUser>(text, parameters.values, 'fresh');
}

/** Addresses of the past have no index, so then they are only compared afterwards. */
function among({ ids, emails }: Ways['callers'], { known }: Scan, parameters: Parameters): string {
  if (emails.size > 0 && known !== 'infinity') return 'true';
  const uuids = parameters.add([...ids].filter(isUuid));
  return `(u.id = any(${uuids}::uuid[]) or u.email = any(${parameters.add([...emails])}::text[]))`;
}

interface Ways {
  /** Ids of the roles with a permission whose conditions may match for anybody. */
  readonly forAll: readonly string[];
  /** Ids of the roles with permissions whose conditions match for certain people only. */
  readonly forSome: readonly string[];
  readonly callers: Exclude<PossibleCallers, 'all'>;
}

function waysOf({ roles, check }: Scan): Ways {
  const [ids, emails] = [new Set<string>(), new Set<string>()];
  const [forAll, forSome]: string[][] = [[], []];
  for (const { id, permissions } of roles.book.roles) {
    const ways = permissions.map(({ predicate }) => (predicate ? possibleCallers(predicate, check.attributes) : 'all'));
    const some = ways.filter((way) => way !== 'all').filter((way) => way.ids.size + way.emails.size > 0);
    if (ways.includes('all')) forAll?.push(id);
    else if (some.length > 0) forSome?.push(id);
    for (const way of some) {
      for (const one of way.ids) ids.add(one);
      for (const one of way.emails) emails.add(one);
    }
  }
  return { forAll: forAll ?? [], forSome: forSome ?? [], callers: { ids, emails } };
}
