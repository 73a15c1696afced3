import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { may, mayOwn, type OwnPermission, type PermissionName } from '../access/policy.js';
import { grantById, permissionById } from '../access/role-rows.js';
import { apiTokenById } from '../api-tokens/api-token-rows.js';
import { isUuid } from '../database/uuid.js';
import { eventById } from '../security-events/event-rows.js';
import { NodeType } from './common.type.js';
import type { Context } from './context.js';
import { inSession } from './rules.js';

/** Finds which kind of thing an id names, in one statement of index look-ups. */
const kindOf = `
  select 'User' as kind from users where id = $1 union all
  select 'Role' from roles where id = $1 union all
  select 'Permission' from permissions where id = $1 union all
  select 'RoleGrant' from role_grants where id = $1 union all
  select 'Session' from sessions where id = $1 union all
  select 'ApiToken' from api_tokens where id = $1 union all
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

const forHolders =
  (permission: PermissionName, read: Reader): Reader =>
  async (id, context) =>
    may(context.caller, permission) ? read(id, context) : null;

const mayReadOf = ({ caller }: Context, userId: string, own: OwnPermission, others: PermissionName): boolean =>
  may(caller, others) || (caller?.userId === userId && mayOwn(caller, own));

const isOwnOrReadable = ({ caller }: Context, userId: string): boolean =>
  caller?.userId === userId || may(caller, 'user:read');

/** Each kind is read under the rule of the field that lists it. */
const readers: Record<string, Reader> = {
  User: (id, { loaders }) => loaders.users.load(id),
  Role: forHolders('role:read', (id, { loaders }) => loaders.roles.load(id)),
  Permission: forHolders('role:read', (id, { services }) => permissionById(services.database.sql, id)),
  SecurityEvent: forHolders('security-event:read', (id, { services }) => eventById(services.database.sql, id)),
  RoleGrant: async (id, context) => {
    const grant = await grantById(context.services.database.sql, id);
    return grant && mayReadOf(context, grant.userId, 'profile:read', 'user:read') ? grant : null;
  },
  Session: async (id, context) => {
    const session = await context.loaders.sessions.load(id);
    return session && mayReadOf(context, session.userId, 'session:read', 'user:read') ? session : null;
  },
  ApiToken: async (id, context) => {
    const token = await apiTokenById(context.services.database.sql, id);
    const mayRead = inSession(context) === true && !!token && isOwnOrReadable(context, token.userId);
    return mayRead ? token : null;
  },
};
