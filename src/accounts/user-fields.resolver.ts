import { Arg, Args, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { Role } from '../access/role.entity.js';
import { RoleGrantConnection, RoleGrantType, RoleType } from '../access/role.type.js';
import type { RoleGrant } from '../access/role-grant.entity.js';
import { ApiTokenConnection, ApiTokenType } from '../api-tokens/api-token.type.js';
import { checkedSize, windowOf } from '../database/keyset.js';
import { cursorOfPlaced, pageOf } from '../database/pages.js';
import type { Context } from '../graphql/context.js';
import { CursorArguments, connectionOf, upTo } from '../graphql/pagination.js';
import type { SecurityEventRow } from '../security-events/event-rows.js';
import { SecurityEventType } from '../security-events/security-event.type.js';
import type { Session } from '../sessions/session.entity.js';
import { SessionConnection, SessionType } from '../sessions/session.type.js';
import { listUsers } from './list-users.js';
import { GrantsArguments, own, UserConnection, UserType } from './user.type.js';
import type { UserRow } from './user-rows.js';

// Fields that combine users with the folders below accounts/. They are here because imports may only point downwards.

@Resolver(() => UserType)
export class UserAccessResolver {
  @FieldResolver(() => [RoleType], {
    description: `Roles held now, the highest first; expired and revoked grants excluded. ${own}`,
  })
  roles(@Root() { id }: UserRow, @Arg('first', () => Int, upTo(20)) first: number, @Ctx() { loaders }: Context) {
    return loaders.rolesOfUser.load({ parentId: id, first: checkedSize(first) });
  }

  @FieldResolver(() => [RoleGrantType], { description: `Newest first. ${own}` })
  grants(
    @Root() { id }: UserRow,
    @Arg('first', () => Int, upTo(100)) first: number,
    @Arg('includeInactive', () => Boolean, { nullable: true, defaultValue: false }) includeInactive: boolean | null,
    @Ctx() { loaders }: Context,
  ) {
    const wanted = { parentId: id, first: checkedSize(first), includeInactive: includeInactive ?? false };
    return loaders.grantsOfUser.load(wanted);
  }

  @FieldResolver(() => RoleGrantConnection, { description: `Newest first. ${own}` })
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
    description: `Living ones first, then newest first. In a session only. ${own}`,
  })
  apiTokens(@Root() { id }: UserRow, @Arg('first', () => Int, upTo(100)) first: number, @Ctx() { loaders }: Context) {
    return loaders.apiTokensOfUser.load({ parentId: id, first: checkedSize(first) });
  }

  @FieldResolver(() => ApiTokenConnection, {
    description: `Newest first, whether or not they live. In a session only. ${own}`,
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
  @FieldResolver(() => [SessionType], { description: `Those that live, the one used last first. ${own}` })
  sessions(@Root() { id }: UserRow, @Arg('first', () => Int, upTo(100)) first: number, @Ctx() { loaders }: Context) {
    return loaders.sessionsOfUser.load({ parentId: id, first: checkedSize(first) });
  }

  @FieldResolver(() => SessionConnection, { description: `Those that live, the one opened last first. ${own}` })
  async sessionsConnection(
    @Root() { id: parentId }: UserRow,
    @Args(() => CursorArguments) page: CursorArguments,
    @Ctx() { loaders }: Context,
  ) {
    const window = windowOf(page);
    const rows = await loaders.sessionPage.load({ parentId, window });
    return connectionOf(pageOf(rows, window, cursorOfPlaced, () => loaders.sessionCount.load({ parentId })));
  }
}

@Resolver(() => RoleType)
export class RoleMembersResolver {
  @FieldResolver(() => UserConnection, { description: 'Who holds the role now.' })
  async users(@Root() { id }: Role, @Args(() => CursorArguments) page: CursorArguments, @Ctx() context: Context) {
    return connectionOf(await listUsers(context, { roleId: id }, page));
  }
}

@Resolver(() => RoleGrantType)
export class GrantUsersResolver {
  @FieldResolver(() => UserType)
  user(@Root() { userId }: RoleGrant, @Ctx() { loaders }: Context) {
    return loaders.users.load(userId);
  }

  @FieldResolver(() => UserType, {
    nullable: true,
    description: 'Null when given by the system, and for an account that is gone.',
  })
  grantedBy(@Root() { grantedById }: RoleGrant, @Ctx() { loaders }: Context) {
    return grantedById ? loaders.users.load(grantedById) : null;
  }

  @FieldResolver(() => UserType, { nullable: true, description: 'Null also for an account that is gone.' })
  revokedBy(@Root() { revokedById }: RoleGrant, @Ctx() { loaders }: Context) {
    return revokedById ? loaders.users.load(revokedById) : null;
  }

  @FieldResolver(() => String, { nullable: true, description: 'Username of who gave it, also of one who is gone.' })
  grantedByName(@Root() { grantedById }: RoleGrant, @Ctx() { loaders }: Context) {
    return grantedById ? loaders.usernames.load(grantedById) : null;
  }

  @FieldResolver(() => String, { nullable: true, description: 'Username of who took it, also of one who is gone.' })
  revokedByName(@Root() { revokedById }: RoleGrant, @Ctx() { loaders }: Context) {
    return revokedById ? loaders.usernames.load(revokedById) : null;
  }
}

@Resolver(() => SecurityEventType)
export class EventUsersResolver {
  @FieldResolver(() => UserType, {
    nullable: true,
    description: 'Who did it; null for anonymous callers and for accounts that are gone.',
  })
  actor(@Root() { actorId }: SecurityEventRow, @Ctx() { loaders }: Context) {
    return actorId ? loaders.users.load(actorId) : null;
  }

  @FieldResolver(() => UserType, { nullable: true, description: 'Whom it happened to.' })
  subject(@Root() { subjectId }: SecurityEventRow, @Ctx() { loaders }: Context) {
    return subjectId ? loaders.users.load(subjectId) : null;
  }

  @FieldResolver(() => String, { nullable: true, description: 'Username of the actor, also of one who is gone.' })
  actorName(@Root() { actorId }: SecurityEventRow, @Ctx() { loaders }: Context) {
    return actorId ? loaders.usernames.load(actorId) : null;
  }

  @FieldResolver(() => String, { nullable: true, description: 'Username of the subject, also of one who is gone.' })
  subjectName(@Root() { subjectId }: SecurityEventRow, @Ctx() { loaders }: Context) {
    return subjectId ? loaders.usernames.load(subjectId) : null;
  }
}

@Resolver(() => SessionType)
export class SessionUserResolver {
  @FieldResolver(() => UserType)
  user(@Root() { userId }: Session, @Ctx() { loaders }: Context) {
    return loaders.users.load(userId);
  }
}
