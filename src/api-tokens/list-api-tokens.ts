import { userAttributeColumns } from '../access/account-attributes.js';
import { type BoundedCount, boundedCount, totalsOf } from '../database/bounded-count.js';
import { type PageRequest, Parameters, windowOf } from '../database/keyset.js';
import {
  cursorOfPlaced,
  keysetOf,
  type Order,
  type Page,
  type Placed,
  pageOf,
  refusingCursors,
} from '../database/pages.js';
import { isUuid } from '../database/uuid.js';
import type { Operation } from '../operation.js';
import { permittedRows } from '../policy/permitted-rows.js';
import { type ApiTokenRow, ApiTokenState, alive, apiTokenColumns } from './api-token-rows.js';

export interface ApiTokenFilter {
  readonly userId?: string | null | undefined;
  readonly state?: ApiTokenState | null | undefined;
}

const newestFirst: Order = { expression: 't.created_at', type: 'timestamptz', id: 't.id', direction: 'desc' };

/**
 * Lists the API tokens of the accounts that the caller may read, the newest first.
 * @returns one page; its `total` counts only when called
 * @throws BAD_USER_INPUT for an invalid page request
 */
export async function listApiTokens(
  operation: Operation,
  filter: ApiTokenFilter | null | undefined,
  page: PageRequest,
): Promise<Page<ApiTokenRow>> {
  const { lists: sql } = operation.services.database;
  const window = windowOf(page);
  const parameters = new Parameters();
  const source = matching(operation, filter, parameters);
  const { bounds, orderBy } = keysetOf(window, newestFirst, parameters);
  const text = `select ${apiTokenColumns}, t.created_at::text as position ${[source, ...bounds].join(' and ')}
    order by ${orderBy} limit ${parameters.add(window.size + 1)}`;
  const rows = await refusingCursors(sql.rows<Placed<ApiTokenRow>>(text, parameters.values, 'fresh'));
  const counts = totalsOf(() => countTokens(operation, filter));
  return { ...pageOf(rows, window, cursorOfPlaced, counts.total), ...counts };
}

function countTokens(operation: Operation, filter: ApiTokenFilter | null | undefined): Promise<BoundedCount> {
  const parameters = new Parameters();
  const source = matching(operation, filter, parameters);
  return boundedCount(operation.services.database.lists, source, parameters.values, 'fresh');
}

/** @returns `from api_tokens t where …`; a malformed id matches nothing */
function matching(
  { services, caller }: Operation,
  filter: ApiTokenFilter | null | undefined,
  parameters: Parameters,
): string {
  const readable = permittedRows(caller?.rights, 'user:read', userAttributeColumns, parameters);
  const conditions = [
    readable === 'true' ? 'true' : `exists (select from users u where u.id = t.user_id and ${readable})`,
  ];
  const { userId, state } = filter ?? {};
  if (userId != null) conditions.push(isUuid(userId) ? `t.user_id = ${parameters.add(userId)}::uuid` : 'false');
  if (state != null) conditions.push(inState[state](() => parameters.add(services.clock.now())));
  return `from api_tokens t where ${conditions.join(' and ')}`;
}

/** SQL conditions, which agree with `stateOf`. A parameter that a statement does not use is an error. */
const inState: Readonly<Record<ApiTokenState, (now: () => string) => string>> = {
  [ApiTokenState.ACTIVE]: (now) => alive(now()),
  [ApiTokenState.EXPIRED]: (now) => `(t.revoked_at is null and t.expires_at <= ${now()})`,
  [ApiTokenState.REVOKED]: () => 't.revoked_at is not null',
};
