import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { isUuid } from '../database/uuid.js';
import { NodeType } from './common.type.js';
import type { Context } from './context.js';

/** Finds which kind of thing an id names, in one statement of index look-ups. */
const kindOf = `
  select 'User' as kind from users where id = $1 union all
  select 'Role' from roles where id = $1 union all
  select 'Session' from sessions where id = $1`;

@Resolver()
export class NodeResolver {
  @Query(() => NodeType, {
    nullable: true,
    description: 'Null for what does not exist and for what the caller may not read.',
  })
  async node(@Arg('id', () => ID) id: string, @Ctx() context: Context) {
    const found = isUuid(id) && (await context.services.database.sql.row<{ kind: keyof typeof readers }>(kindOf, [id]));
    const node = found && (await readers[found.kind](id, context));
    return node ? { ...node, __typename: found.kind } : null;
  }
}

/** Each kind is read as its own field would read it. */
const readers = {
  User: (id: string, { loaders }: Context) => loaders.users.load(id),
  Role: (id: string, { loaders, caller }: Context) => (caller?.isAdmin ? loaders.roles.load(id) : null),
  Session: async (id: string, { loaders, caller }: Context) => {
    const session = await loaders.sessions.load(id);
    return session && (caller?.isAdmin || caller?.userId === session.userId) ? session : null;
  },
} as const;
