import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { grantById, permissionById } from '../access/role-rows.js';
import { isUuid } from '../database/uuid.js';
import { eventById } from '../security-events/event-rows.js';
import { NodeType } from './common.type.js';
import type { Context } from './context.js';

/** Finds which kind of thing an id names, in one statement of index look-ups. */
const kindOf = `
  select 'User' as kind from users where id = $1 union all
  select 'Role' from roles where id = $1 union all
  select 'Permission' from permissions where id = $1 union all
  select 'RoleGrant' from role_grants where id = $1 union all
  select 'Session' from sessions where id = $1 union all
  select 'SecurityEvent' from security_events where id = $1 and sequence is not null`;

@Resolver()
export class NodeResolver {
  @Query(() => NodeType, {
    nullable: true,
    description: 'Null for what does not exist and for what the caller may not read.',
  })
  async node(@Arg('id', () => ID) id: string, @Ctx() context: Context) {
    const found = isUuid(id) && (await context.services.database.sql.row<{ kind: string }>(kindOf, [id]));
    const node = found && (await readers[found.kind]?.(id, context));
    return node ? { ...node, __typename: found.kind } : null;
  }
}

type Reader = (id: string, context: Context) => Promise<object | null | undefined>;

const forAdministrators =
  (read: Reader): Reader =>
  async (id, context) =>
    context.caller?.isAdmin ? read(id, context) : null;

/** Each kind is read under the rule of the field that lists it. */
const readers: Record<string, Reader> = {
  User: (id, { loaders }) => loaders.users.load(id),
  Role: forAdministrators((id, { loaders }) => loaders.roles.load(id)),
  Permission: forAdministrators((id, { services }) => permissionById(services.database.sql, id)),
  SecurityEvent: forAdministrators((id, { services }) => eventById(services.database.sql, id)),
  RoleGrant: async (id, { services, caller }) => {
    const grant = await grantById(services.database.sql, id);
    return grant && (caller?.isAdmin || caller?.userId === grant.userId) ? grant : null;
  },
  Session: async (id, { loaders, caller }) => {
    const session = await loaders.sessions.load(id);
    return session && (caller?.isAdmin || caller?.userId === session.userId) ? session : null;
  },
};
