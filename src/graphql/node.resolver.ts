import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import type { OwnPermission, PermissionForOneself } from '../access/permission-catalogue.js';
import { may, mayOwn, might } from '../access/policy.js';
import { attributesOfRole } from '../access/role-attributes.js';
import type { BookedRole } from '../access/role-book.js';
import { grantById, permissionById } from '../access/role-rows.js';
import { apiTokenById } from '../api-tokens/api-token-rows.js';
import { mayReadPost } from '../content/content-rights.js';
import { commentById } from '../content/list-comments.js';
import type { PostRow } from '../content/post-rows.js';
import { isUuid } from '../database/uuid.js';
import { eventById } from '../security-events/event-rows.js';
import { NodeType } from './common.type.js';
import type { Context } from './context.js';
import { inSession } from './rules.js';

/** Finds which kind of thing an id names, in one statement of index look-ups. */
const kindOf = `
  select 'User' as kind from users where id = $1 union all
  select 'Role' from roles where id = $1 and deleted_at is null union all
  select 'Permission' from permissions where id = $1 union all
  select 'RoleGrant' from role_grants where id = $1 union all
  select 'Session' from sessions where id = $1 union all
  select 'Post' from posts where id = $1 union all
  select 'Comment' from comments where id = $1 union all
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
  (permission: OwnPermission, read: Reader): Reader =>
  async (id, context) =>
    might(context.caller, permission) ? read(id, context) : null;

async function readableRole({ services, caller }: Context, id: string): Promise<BookedRole | null> {
  const role = (await services.roleCatalogue.current()).role(id.toLowerCase());
  return role && may(caller, 'role:read', attributesOfRole(role)) ? role : null;
}

async function mayReadOf(context: Context, userId: string, own: PermissionForOneself): Promise<boolean> {
  const { caller } = context;
  return (caller?.userId === userId && mayOwn(caller, own)) || isReadable(context, userId);
}

async function isReadable({ caller, loaders }: Context, userId: string): Promise<boolean> {
  const extent = caller?.rights.extentOf('user:read');
  if (extent !== 'some') return extent === 'all';
  const attributes = await loaders.userAttributes.load(userId);
  return attributes !== undefined && may(caller, 'user:read', attributes);
}

async function readablePost(id: string, { caller, loaders }: Context): Promise<PostRow | null> {
  const post = await loaders.posts.load(id);
  return post && mayReadPost(caller?.rights, post) ? post : null;
}

/** Each kind is read under the rule of the field that lists it. */
const readers: Record<string, Reader> = {
  User: (id, { loaders }) => loaders.users.load(id),
  Role: (id, context) => readableRole(context, id),
  Permission: async (id, context) => {
    const permission = await permissionById(context.services.database.sql, id);
    return permission && (await readableRole(context, permission.roleId)) ? permission : null;
  },
  SecurityEvent: forHolders('security-event:read', (id, { services }) => eventById(services.database.sql, id)),
  RoleGrant: async (id, context) => {
    const grant = await grantById(context.services.database.sql, id);
    return grant && (await mayReadOf(context, grant.userId, 'profile:read')) ? grant : null;
  },
  Session: async (id, context) => {
    const session = await context.loaders.sessions.load(id);
    return session && (await mayReadOf(context, session.userId, 'session:read')) ? session : null;
  },
  Post: readablePost,
  Comment: async (id, context) => {
    const comment = await commentById(context.services.database.sql, id);
    return comment && (await readablePost(comment.postId, context)) ? comment : null;
  },
  ApiToken: async (id, context) => {
    const token = await apiTokenById(context.services.database.sql, id);
    if (!token || inSession(context) !== true) return null;
    const isOwn = context.caller?.userId === token.userId;
    return isOwn || (await isReadable(context, token.userId)) ? token : null;
  },
};
