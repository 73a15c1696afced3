import { ArgsType, Field, Int, ObjectType } from 'type-graphql';
import { checkedSize, largestSize, type PageRequest } from '../database/keyset.js';
import type { Page } from '../database/pages.js';

@ObjectType('PageInfo', {
  simpleResolvers: true,
  description: 'Where a page lies in its list (Relay cursor connections).',
})
export class PageInfo {
  @Field(() => Boolean, {
    description: 'Whether rows follow the page. With `last` it is true exactly when `before` was given.',
  })
  hasNextPage!: boolean;

  @Field(() => Boolean, {
    description:
      'Whether rows precede the page. Without `last` it is true exactly when `after` or an `offset` above 0 was given.',
  })
  hasPreviousPage!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Cursor of the first row, to pass as `before`; null for an empty page.',
  })
  startCursor!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Cursor of the last row, to pass as `after`; null for an empty page.',
  })
  endCursor!: string | null;
}

/**
 * Options of the argument `first` of a plain list.
 * @param length default value
 */
export const upTo = (length: number) => ({
  defaultValue: length,
  description: `How many rows to return at most: 1 to ${largestSize}.`,
});

/**
 * Returns the first rows of a list that is already loaded.
 * @throws BAD_USER_INPUT for a length outside 1..100
 */
export const firstOf = <Row>(rows: readonly Row[], first: number): readonly Row[] =>
  rows.length > checkedSize(first) ? rows.slice(0, first) : rows;

/** Relay cursor arguments. */
@ArgsType()
export class CursorArguments implements PageRequest {
  @Field(() => Int, {
    nullable: true,
    description:
      'How many rows to read from the beginning: 1 to 100, and not together with `last`. Without either it is 20.',
  })
  first?: number | null;

  @Field(() => String, { nullable: true, description: 'Cursor of a row: only rows that follow it are read.' })
  after?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many rows to read from the end: 1 to 100, and not together with `first`.',
  })
  last?: number | null;

  @Field(() => String, { nullable: true, description: 'Cursor of a row: only rows that precede it are read.' })
  before?: string | null;
}

/** Options of the argument `offset`, beside those above. */
export const offset = {
  nullable: true,
  description:
    'How many rows to pass over before the page begins, for jumping to a page: 0 or more, and not with `last`.',
} as const;

/** Converts a page to a Relay connection. `total` remains a function, so that rows are counted only on demand. */
export function connectionOf<Node>(page: Page<Node>) {
  const { edges, hasMore, window } = page;
  const pageInfo: PageInfo = {
    hasNextPage: window.backward ? window.before !== undefined : hasMore,
    hasPreviousPage: window.backward ? hasMore : window.after !== undefined || window.offset > 0,
    startCursor: edges[0]?.cursor ?? null,
    endCursor: edges.at(-1)?.cursor ?? null,
  };
  return { edges, nodes: edges.map(({ node }) => node), pageInfo, total: page.total, isEstimate: page.isEstimate };
}
export type Connection<Node> = ReturnType<typeof connectionOf<Node>>;
