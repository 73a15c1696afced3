import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, Info, Int, Resolver, Root } from 'type-graphql';
import type { Role } from '../access/role.entity.js';
import { RoleGrantConnection, RoleGrantType, RoleType } from '../access/role.type.js';
import type { RoleGrant } from '../access/role-grant.entity.js';
import { ApiTokenConnection, ApiTokenType } from '../api-tokens/api-token.type.js';
import type { ApiTokenRow } from '../api-tokens/api-token-rows.js';
import { checkedSize, windowOf } from '../database/keyset.js';
import { cursorOfPlaced, pageOf } from '../database/pages.js';
import type { Context } from '../graphql/context.js';
import { CursorArguments, connectionOf, upTo } from '../graphql/pagination.js';
import { requestedFields, requestsRows } from '../graphql/requested-fields.js';
import { cursorOf, type SecurityEventRow } from '../security-events/event-rows.js';
import { SecurityEventConnection, SecurityEventType } from '../security-events/security-event.type.js';
import { asReadBy } from '../security-events/subjects-view.js';
import type { Session } from '../sessions/session.entity.js';
import { SessionConnection, SessionType } from '../sessions/session.type.js';
import { listUsers } from './list-users.js';
import { GrantsArguments, includeInactive, own, UserConnection, UserType } from './user.type.js';
import type { UserRow } from './user-rows.js';

// Fields that combine users with the folders below accounts/. They are here because imports may only point downwards.

@Resolver(() => UserType)
export class UserAccessResolver {
  @FieldResolver(() => [RoleType], {
    description: `Roles that the user holds now, the highest level first. ${own}`,
  })
  roles(@Root() { id }: UserRow, @Arg('first', () => Int, upTo(20)) first: number, @Ctx() { loaders }: Context) {
    return loaders.rolesOfUser.load({ parentId: id, first: checkedSize(first) });
  }

  @FieldResolver(() => [RoleGrantType], {
    description:
      'Grants of roles to the user, the newest first; only those that count now unless `includeInactive` is ' +
      `true. ${own}`,
  })
  grants(
    @Root() { id }: UserRow,
    @Arg('first', () => Int, upTo(100)) first: number,
    @Arg('includeInactive', () => Boolean, includeInactive) withInactive: boolean | null,
    @Ctx() { loaders }: Context,
  ) {
    const wanted = { parentId: id, first: checkedSize(first), includeInactive: withInactive ?? false };
    return loaders.grantsOfUser.load(wanted);
  }

  @FieldResolver(() => RoleGrantConnection, { description: `The same as \`grants\`, page by page. ${own}` })
  async grantsConnection(
    @Root() { id: parentId }: UserRow,
    @Args(() => GrantsArguments) { includeInactive, ...page }: GrantsArguments,
    @Ctx() { loaders }: Context,
  ) {
    const wanted = { parentId, includeInactive: includeInactive ?? false };
    const window = windowOf(page);
    const rows = await loaders.grantPage.load({ ...wanted, window });
    return connectionOf(pageOf(rows, window, cursorOfPlaced, () => loaders.grantCount.load(wanted)));
  }

  @FieldResolver(() => [ApiTokenType], {
    description:
      'API tokens of the user: those that work first, then the newest. In a session only: FORBIDDEN for API ' +
      `tokens. ${own}`,
  })
  apiTokens(@Root() { id }: UserRow, @Arg('first', () => Int, upTo(100)) first: number, @Ctx() { loaders }: Context) {
    return loaders.apiTokensOfUser.load({ parentId: id, first: checkedSize(first) });
  }

  @FieldResolver(() => ApiTokenConnection, {
    description:
      'API tokens of the user, page by page, the newest first whether or not they work. In a session only: ' +
      `FORBIDDEN for API tokens. ${own}`,
  })
  async apiTokensConnection(
    @Root() { id: parentId }: UserRow,
    @Args(() => CursorArguments) page: CursorArguments,
    @Ctx() { loaders }: Context,
  ) {
    const window = windowOf(page);
    const rows = await loaders.apiTokenPage.load({ parentId, window });
    return connectionOf(pageOf(rows, window, cursorOfPlaced, () => loaders.apiTokenCount.load({ parentId })));
  }
}

@Resolver(() => UserType)
export class UserSessionsResolver {
  @FieldResolver(() => [SessionType], {
    description: `Sessions that have not ended, the one used last first. ${own}`,
  })
  sessions(@Root() { id }: UserRow, @Arg('first', () => Int, upTo(100)) first: number, @Ctx() { loaders }: Context) {
    return loaders.sessionsOfUser.load({ parentId: id, first: checkedSize(first) });
  }

  @FieldResolver(() => SessionConnection, {
    description: `Sessions that have not ended, page by page, the one opened last first. ${own}`,
  })
  async sessionsConnection(
    @Root() { id: parentId }: UserRow,
    @Args(() => CursorArguments) page: CursorArguments,
    @Ctx() { loaders }: Context,
  ) {
    const window = windowOf(page);
    const rows = await loaders.sessionPage.load({ parentId, window });
    return connectionOf(pageOf(rows, window, cursorOfPlaced, () => loaders.sessionCount.load({ parentId })));
  }

  @FieldResolver(() => SecurityEventConnection, {
    description:
      'Security events that happened to the user, the oldest first; `last` reads the newest. Readable by the user ' +
      'and by callers with `security-event:read`. The user reads of an event that somebody else caused neither who ' +
      'it was nor the session, and its address and user agent only for attempts to get into the account. `details` ' +
      'has what the user may read elsewhere.',
  })
  async securityEvents(
    @Root() { id: parentId }: UserRow,
    @Args(() => CursorArguments) page: CursorArguments,
    @Ctx() context: Context,
  ) {
    const { loaders } = context;
    const window = windowOf(page);
    const rows = await loaders.eventPage.load({ parentId, window });
    const events = rows.map((event) => asReadBy(context, event));
    return connectionOf(pageOf(events, window, cursorOf, () => loaders.eventCount.load({ parentId })));
  }
}

@Resolver(() => RoleType)
export class RoleMembersResolver {
  @FieldResolver(() => UserConnection, {
    description:
      'Users who hold the role now, as far as the caller may read them, the oldest account first. FORBIDDEN ' +
      'without `user:read`.',
  })
  async users(
    @Root() { id }: Role,
    @Args(() => CursorArguments) page: CursorArguments,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    const fields = requestedFields(info);
    return connectionOf(await listUsers(context, { roleId: id, fields, isRead: requestsRows(fields) }, page));
  }
}

@Resolver(() => RoleGrantType)
export class GrantUsersResolver {
  @FieldResolver(() => UserType, { description: 'The user who was granted the role.' })
  user(@Root() { userId }: RoleGrant, @Ctx() { loaders }: Context) {
    return loaders.users.load(userId);
  }

  @FieldResolver(() => UserType, {
    nullable: true,
    description: 'The user who granted the role; null when the service did it or the account is deleted.',
  })
  grantedBy(@Root() { grantedById }: RoleGrant, @Ctx() { loaders }: Context) {
    return grantedById ? loaders.users.load(grantedById) : null;
  }

  @FieldResolver(() => UserType, {
    nullable: true,
    description: 'The user who revoked the grant; null when nobody did or the account is deleted.',
  })
  revokedBy(@Root() { revokedById }: RoleGrant, @Ctx() { loaders }: Context) {
    return revokedById ? loaders.users.load(revokedById) : null;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Username of `grantedBy`, kept when the account is deleted.',
  })
  grantedByName(@Root() { grantedById }: RoleGrant, @Ctx() { loaders }: Context) {
    return grantedById ? loaders.usernames.load(grantedById) : null;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Username of `revokedBy`, kept when the account is deleted.',
  })
  revokedByName(@Root() { revokedById }: RoleGrant, @Ctx() { loaders }: Context) {
    return revokedById ? loaders.usernames.load(revokedById) : null;
  }
}

@Resolver(() => SecurityEventType)
export class EventUsersResolver {
  @FieldResolver(() => UserType, {
    nullable: true,
    description:
      'The user who caused the event; null for anonymous callers, for the service itself and for deleted accounts.',
  })
  actor(@Root() { actorId }: SecurityEventRow, @Ctx() { loaders }: Context) {
    return actorId ? loaders.users.load(actorId) : null;
  }

  @FieldResolver(() => UserType, {
    nullable: true,
    description: 'The user to whom it happened; null when there is none or the account is deleted.',
  })
  subject(@Root() { subjectId }: SecurityEventRow, @Ctx() { loaders }: Context) {
    return subjectId ? loaders.users.load(subjectId) : null;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Username of the actor, kept when the account is deleted.',
  })
  actorName(@Root() { actorId }: SecurityEventRow, @Ctx() { loaders }: Context) {
    return actorId ? loaders.usernames.load(actorId) : null;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Username of the subject, kept when the account is deleted.',
  })
  subjectName(@Root() { subjectId }: SecurityEventRow, @Ctx() { loaders }: Context) {
    return subjectId ? loaders.usernames.load(subjectId) : null;
  }
}

@Resolver(() => SessionType)
export class SessionUserResolver {
  @FieldResolver(() => UserType, { description: 'The user who signed in.' })
  user(@Root() { userId }: Session, @Ctx() { loaders }: Context) {
    return loaders.users.load(userId);
  }
}

@Resolver(() => ApiTokenType)
export class ApiTokenUserResolver {
  @FieldResolver(() => UserType, { description: 'The user for whom the token acts.' })
  user(@Root() { userId }: ApiTokenRow, @Ctx() { loaders }: Context) {
    return loaders.users.load(userId);
  }
}
