import { type PageRequest, Parameters, type Window, windowOf } from '../database/keyset.js';
import { cursorOfPlaced, keysetOf, type Page, type Placed, pageOf, refusingCursors } from '../database/pages.js';
import { contains } from '../database/search-text.js';
import type { Planning, Sql } from '../database/sql.js';
import { isUuid } from '../database/uuid.js';
import type { Operation } from '../operation.js';
import { permittedRows } from '../policy/permitted-rows.js';
import type { Rights } from '../policy/rights.js';
import { postAttributeColumns } from './attributes.js';
import { type PostRow, postColumns } from './post-rows.js';
import { categoryNamed } from './texts.js';

export interface PostQuery {
  /** Part of the title; case-insensitive. One or two letters are the beginning of a word. */
  readonly search?: string | null | undefined;
  readonly category?: string | null | undefined;
  readonly authorId?: string | null | undefined;
  readonly published?: boolean | null | undefined;
  /** Whether the client has selected the field `body`. */
  readonly withBody: boolean;
}

/** A query with the rights that it is answered for. */
interface Listing {
  readonly query: PostQuery;
  /** Undefined: only published posts. */
  readonly rights: Rights | undefined;
  readonly isIndexed: boolean;
}

/** Lists the posts that the caller may read, newest first. @throws BAD_USER_INPUT for invalid page arguments */
export async function listPosts(operation: Operation, query: PostQuery, request: PageRequest): Promise<Page<PostRow>> {
  const window = windowOf(request);
  const isIndexed = operation.services.searchIndex.serves('posts');
  const listing = { query, rights: rightsBeyondPublic(operation, query), isIndexed };
  const { rows, total } = listing.rights ? fresh(operation, listing, window) : shared(operation, listing, window);
  return pageOf(await rows, window, cursorOfPlaced, total);
}

/**
 * Undefined where the result does not depend on the caller: for published posts only, and without a right to others.
 */
function rightsBeyondPublic({ caller }: Operation, { published }: PostQuery): Rights | undefined {
  const { rights } = caller ?? {};
  return published === true || rights?.extentOf('post:read') === 'none' ? undefined : rights;
}

interface Reading {
  readonly rows: Promise<readonly Placed<PostRow>[]>;
  readonly total: () => Promise<number>;
}

const fresh = ({ services: { database } }: Operation, listing: Listing, window: Window): Reading => ({
  rows: readRows(database.lists, listing, window),
  total: async () => (await count(database.lists, listing)).count,
});

/** Uses the cache for the first page and for counts, which most callers ask for. All of it is read from the primary, as what is kept is. */
function shared(operation: Operation, listing: Listing, window: Window): Reading {
  const { database, publicPosts } = operation.services;
  const filter = filterKey(listing.query);
  if (filter === undefined) return fresh(operation, listing, window);
  const isBeginning = !window.backward && !window.after && !window.before && window.offset === 0;
  const key = JSON.stringify(['page', filter, window.size, listing.query.withBody]);
  const total = async () =>
    (
      await publicPosts.read(
        JSON.stringify(['count', filter]),
        () => count(database.sql, listing),
        () => 0,
      )
    ).count;
  if (!isBeginning) return { rows: readRows(database.sql, listing, window), total };
  return { rows: publicPosts.read(key, () => readRows(database.sql, listing, window), textIn), total };
}

/** @returns undefined for a search, and for a filter that no post can match, so that invented texts do not fill the cache */
function filterKey({ search, category, authorId, published }: PostQuery): unknown {
  const isPossible = (category == null || categoryNamed(category)) && (authorId == null || isUuid(authorId));
  if (!isPossible || search) return undefined;
  return [category == null ? null : categoryNamed(category), authorId?.toLowerCase() ?? null, published ?? null];
}

/** Estimated size of a row beside its texts: columns of fixed length and the JavaScript object, in UTF-16 units. */
const rowOverhead = 500;
const textIn = (rows: readonly PostRow[]): number =>
  rows.reduce((sum, { title, body }) => sum + rowOverhead + title.length + (body?.length ?? 0), 0);

function readRows(sql: Sql, listing: Listing, window: Window): Promise<Placed<PostRow>[]> {
  const parameters = new Parameters();
  const order = { expression: 'p.created_at', type: 'timestamptz', id: 'p.id', direction: 'desc' } as const;
  const { bounds, orderBy } = keysetOf(window, order, parameters);
  const text = `select ${postColumns(listing.query.withBody)}, p.created_at::text as "position" from posts p
    where ${[conditions(listing, parameters), ...bounds].join(' and ')}
    order by ${orderBy} limit ${parameters.add(window.size + 1)} offset ${parameters.add(window.offset)}`;
  return refusingCursors(sql.rows<Placed<PostRow>>(text, parameters.values, planningOf(listing)));
}

async function count(sql: Sql, listing: Listing): Promise<{ count: number }> {
  const parameters = new Parameters();
  const text = `select count(*) from posts p where ${conditions(listing, parameters)}`;
  const row = await sql.row<{ count: string }>(text, parameters.values, planningOf(listing));
  return { count: Number(row?.count) };
}

/** How many posts a term finds decides whether to walk the order's index or that of the search. */
const planningOf = ({ query }: Listing): Planning => (query.search ? 'fresh' : 'kept');

function conditions({ query, rights, isIndexed }: Listing, parameters: Parameters): string {
  const { search, category, authorId, published } = query;
  const permitted = rights && permittedRows(rights, 'post:read', postAttributeColumns, parameters);
  const found = [permitted ? `(p.published or ${permitted})` : 'p.published'];
  if (category != null) found.push(equals('p.category', categoryNamed(category), 'text', parameters));
  if (authorId != null) found.push(equals('p.author_id', isUuid(authorId) ? authorId : undefined, 'uuid', parameters));
  if (published != null) found.push(published ? 'p.published' : 'not p.published');
  // Titles are stored in NFC.
  if (search) found.push(contains('posts', search.normalize('NFC'), isIndexed, (term) => parameters.add(term)));
  return found.join(' and ');
}

/** @param value undefined for a value that no row has */
const equals = (column: string, value: string | undefined, type: string, parameters: Parameters): string =>
  value === undefined ? 'false' : `${column} = ${parameters.add(value)}::${type}`;
