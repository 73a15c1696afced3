import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { grantById, permissionById } from '../access/role-rows.js';
import { mayReadRole } from '../access/roles/readable-roles.js';
import { apiTokenById } from '../api-tokens/api-token-rows.js';
import { mayReadPost } from '../content/content-powers.js';
import { commentById } from '../content/list-comments.js';
import type { PostRow } from '../content/post-rows.js';
import { isUuid } from '../database/uuid.js';
import { NodeType } from '../graphql/common.type.js';
import type { Context } from '../graphql/context.js';
import type { Guard } from '../graphql/rules.js';
import { might } from '../policy/policy.js';
import type { BookedRole } from '../policy/role-book.js';
import { eventById, type SubjectsEventRow } from '../security-events/event-rows.js';
import { asReadBy } from '../security-events/subjects-view.js';
import { guards } from './permissions.js';

/** Finds the type of an id with one statement of index look-ups. */
const kindOf = `
  select 'User' as kind from users where id = $1 union all
  select 'Role' from roles where id = $1 and deleted_at is null union all
  select 'Permission' from permissions where id = $1 union all
  select 'RoleGrant' from role_grants where id = $1 union all
  select 'Session' from sessions where id = $1 union all
  select 'Post' from posts where id = $1 union all
  select 'Comment' from comments where id = $1 union all
  select 'ApiToken' from api_tokens where id = $1 union all
  select 'SecurityEvent' from security_events where id = $1`;

@Resolver()
export class NodeResolver {
  @Query(() => NodeType, {
    nullable: true,
    description:
      'The object with an id, whatever its type, for signed-in callers; null when there is none or the caller ' +
      'may not read it.',
  })
  async node(@Arg('id', () => ID, { description: 'Id of the object.' }) id: string, @Ctx() context: Context) {
    const found = isUuid(id) && (await context.services.database.sql.row<{ kind: string }>(kindOf, [id]));
    const node = found && (await readers[found.kind]?.(id, context));
    return node ? { ...node, __typename: found.kind } : null;
  }
}

type Reader = (id: string, context: Context) => Promise<object | null | undefined>;

async function readableRole(id: string, { services, caller }: Context): Promise<BookedRole | null> {
  const role = (await services.roleCatalogue.current()).role(id.toLowerCase());
  return role && mayReadRole(caller, role) ? role : null;
}

/** Reads a row that belongs to a user, under the guard of the user's field that lists such rows. */
const listedUnder =
  <Thing extends { readonly userId: string }>(
    guard: Guard,
    read: (id: string, context: Context) => Promise<Thing | undefined>,
  ): Reader =>
  async (id, context) => {
    const thing = await read(id, context);
    return thing && (await guard({ id: thing.userId }, context)) === true ? thing : null;
  };

async function readablePost(id: string, { caller, loaders }: Context): Promise<PostRow | null> {
  const post = await loaders.posts.load(id);
  return post && mayReadPost(caller?.rights, post) ? post : null;
}

/** An event of no user is for callers with `security-event:read` alone. */
async function readableEvent(id: string, context: Context): Promise<SubjectsEventRow | null> {
  const event = await eventById(context.services.database.sql, id);
  const mayRead =
    might(context.caller, 'security-event:read') ||
    (event?.subjectId && (await guards.User.securityEvents({ id: event.subjectId }, context)) === true);
  return event && mayRead ? asReadBy(context, event) : null;
}

/** Reads a row of each type, under the rule of the field that lists it. */
const readers: Record<string, Reader> = {
  User: (id, { loaders }) => loaders.users.load(id),
  Role: readableRole,
  Permission: async (id, context) => {
    const permission = await permissionById(context.services.database.sql, id);
    return permission && (await readableRole(permission.roleId, context)) ? permission : null;
  },
  RoleGrant: listedUnder(guards.User.grants, (id, { services }) => grantById(services.database.sql, id)),
  Session: listedUnder(guards.User.sessions, (id, { loaders }) => loaders.sessions.load(id)),
  ApiToken: listedUnder(guards.User.apiTokens, (id, { services }) => apiTokenById(services.database.sql, id)),
  SecurityEvent: readableEvent,
  Post: readablePost,
  Comment: async (id, context) => {
    const comment = await commentById(context.services.database.sql, id);
    return comment && (await readablePost(comment.postId, context)) ? comment : null;
  },
};
