import { ArgsType, Field, Int, ObjectType } from 'type-graphql';
import { checkedSize, largestSize, type PageRequest } from '../database/keyset.js';
import type { Page } from '../database/pages.js';

@ObjectType('PageInfo', { simpleResolvers: true })
export class PageInfo {
  @Field(() => Boolean)
  hasNextPage!: boolean;

  @Field(() => Boolean)
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true })
  startCursor!: string | null;

  @Field(() => String, { nullable: true })
  endCursor!: string | null;
}

/**
 * Options of the argument `first` of a plain list.
 * @param length default value
 */
export const upTo = (length: number) => ({ defaultValue: length, description: `1 to ${largestSize}.` });

/**
 * Returns the first rows of a list that is already loaded.
 * @throws BAD_USER_INPUT for a length outside 1..100
 */
export const firstOf = <Row>(rows: readonly Row[], first: number): readonly Row[] =>
  rows.length > checkedSize(first) ? rows.slice(0, first) : rows;

/** Relay cursor arguments. */
@ArgsType()
export class CursorArguments implements PageRequest {
  @Field(() => Int, { nullable: true, description: '1 to 100; 20 when neither first nor last is given.' })
  first?: number | null;

  @Field(() => String, { nullable: true })
  after?: string | null;

  @Field(() => Int, { nullable: true, description: '1 to 100.' })
  last?: number | null;

  @Field(() => String, { nullable: true })
  before?: string | null;
}

/** Converts a page to a Relay connection. `total` remains a function, so that rows are counted only on demand. */
export function connectionOf<Node>(page: Page<Node>) {
  const { edges, hasMore, window } = page;
  const pageInfo: PageInfo = {
    hasNextPage: window.backward ? window.before !== undefined : hasMore,
    hasPreviousPage: window.backward ? hasMore : window.after !== undefined || window.offset > 0,
    startCursor: edges[0]?.cursor ?? null,
    endCursor: edges.at(-1)?.cursor ?? null,
  };
  return { edges, nodes: edges.map(({ node }) => node), pageInfo, total: page.total };
}
export type Connection<Node> = ReturnType<typeof connectionOf<Node>>;
