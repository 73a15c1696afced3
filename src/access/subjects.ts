import { isUuid } from '../database/uuid.js';
import { Rights } from '../policy/rights.js';
import type { Services } from '../services.js';
import { type AttributedAccount, attributedAccount, attributesOfUser } from './account-attributes.js';
import type { Subject } from './account-powers.js';
import { type StandingRow, standingColumns, standingOf } from './standing.js';

const text = `select ${standingColumns('$2')}, ${attributedAccount} from users u where u.id = any($1::uuid[])`;

/** @returns rights and attributes of accounts, in the order of the ids; undefined for an unknown account */
export async function subjectsByIds(
  { database, clock, roleCatalogue }: Pick<Services, 'database' | 'clock' | 'roleCatalogue'>,
  ids: readonly string[],
): Promise<(Subject | undefined)[]> {
  const rows = await database.sql.rows<StandingRow & AttributedAccount>(text, [ids.filter(isUuid), clock.now()]);
  const book = await roleCatalogue.current();
  const subjectOf = (row: StandingRow & AttributedAccount): Subject => ({
    attributes: attributesOfUser(row),
    rights: new Rights(standingOf(row), book, clock),
  });
  const found = new Map(rows.map((row) => [row.id, subjectOf(row)]));
  return ids.map((id) => found.get(id));
}
