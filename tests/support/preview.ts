import type { Client, Json } from './client.js';

export interface Terms {
  readonly name: string;
  readonly resource: string;
  readonly action: string;
  readonly conditions: Record<string, unknown> | null;
}

export interface Preview {
  readonly affectedUsersCount: number;
  readonly losesLastAdministrator: boolean;
  readonly errors: readonly { readonly code: string; readonly field: readonly string[] | null }[];
  readonly users: {
    readonly totalCount: number;
    readonly nodes: readonly {
      readonly user: { readonly id: string };
      readonly gains: readonly Terms[];
      readonly losses: readonly Terms[];
    }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

const terms = '{ name resource action conditions }';
export const previewQuery = `query ($input: RoleChangeInput!, $first: Int, $after: String) {
  previewRoleChange(input: $input, first: $first, after: $after) {
    affectedUsersCount losesLastAdministrator errors { code field }
    users { totalCount nodes { user { id } gains ${terms} losses ${terms} } pageInfo { hasNextPage endCursor } }
  } }`;

export async function preview(
  client: Client,
  input: Record<string, unknown>,
  page: { first?: number; after?: string | null } = {},
): Promise<Preview> {
  const { data, errors } = await client.ask(previewQuery, { input, ...page });
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  return data['previewRoleChange'] as Json as unknown as Preview;
}

/** All affected users, read page by page. */
export async function everyone(client: Client, input: Record<string, unknown>, first = 100) {
  const nodes: Preview['users']['nodes'][number][] = [];
  for (let after: string | null = null; ; ) {
    const { users } = await preview(client, input, { first, after });
    nodes.push(...users.nodes);
    if (!users.pageInfo.hasNextPage) return nodes;
    after = users.pageInfo.endCursor;
  }
}

/** The permissions as sorted `resource:action`. */
export const named = (list: readonly Terms[]): string[] =>
  list.map(({ resource, action }) => `${resource}:${action}`).sort();
