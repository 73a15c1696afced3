import { createHash } from 'node:crypto';
import type { GraphQLResolveInfo } from 'graphql';
import { GraphQLDateTime } from 'graphql-scalars';
import { Arg, Args, Ctx, FieldResolver, ID, Info, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { answer } from '../graphql/common.type.js';
import type { Context } from '../graphql/context.js';
import { type Connection, connectionOf } from '../graphql/pagination.js';
import { requestedFields } from '../graphql/requested-fields.js';
import { listUsers } from './list-users.js';
import { UpdateProfileInput, UpdateProfilePayload } from './profile.type.js';
import { updateProfile } from './update-profile.js';
import { own, UserConnection, UsersArguments, UserType } from './user.type.js';
import { type UserRow, usersByIds } from './user-rows.js';

@Resolver(() => UserType)
export class UserResolver {
  @Query(() => UserType, { nullable: true, description: 'The caller; null when anonymous.' })
  async viewer(@Ctx() { caller, services }: Context, @Info() info: GraphQLResolveInfo) {
    const { database, roleCatalogue, clock } = services;
    return (
      caller && (await usersByIds(database.sql, roleCatalogue, [caller.userId], clock.now(), requestedFields(info)))[0]
    );
  }

  @Query(() => UserType, { nullable: true })
  user(@Arg('id', () => ID) id: string, @Ctx() { loaders }: Context) {
    return loaders.users.load(id);
  }

  @Query(() => UserConnection)
  async users(
    @Args(() => UsersArguments) { search, filter, orderBy, ...page }: UsersArguments,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return connectionOf(await listUsers(context, { search, filter, orderBy, fields: requestedFields(info) }, page));
  }

  @Mutation(() => UpdateProfilePayload)
  updateProfile(@Arg('input', () => UpdateProfileInput) input: UpdateProfileInput, @Ctx() context: Context) {
    return answer(updateProfile(context, input).then((user) => ({ user })));
  }

  @FieldResolver(() => String, { description: 'First and last name, else first name, else username.' })
  fullName(@Root() { firstName, lastName, username }: UserRow): string {
    return firstName && lastName ? `${firstName} ${lastName}` : firstName || username;
  }

  @FieldResolver(() => String, { description: 'The stored picture, else a Gravatar identicon.' })
  avatarUrl(
    @Root() user: UserRow,
    @Arg('size', () => Int, { nullable: true, defaultValue: 128, description: 'Of the identicon: 1 to 2048 pixels.' })
    size: number | null,
  ): string {
    return user.avatarUrl ?? gravatar(user.email, size ?? 128);
  }

  @FieldResolver(() => Boolean, { nullable: true, description: own })
  async isLocked(@Root() user: UserRow, @Ctx() context: Context): Promise<boolean> {
    return (await this.lockedUntil(user, context)) !== null;
  }

  @FieldResolver(() => GraphQLDateTime, { nullable: true, description: `Null when it is not locked. ${own}` })
  async lockedUntil(@Root() user: UserRow, @Ctx() { loaders, services }: Context): Promise<Date | null> {
    // Mutations return entities, which lack values of other tables.
    const until = user.lockedUntil === undefined ? (await loaders.users.load(user.id))?.lockedUntil : user.lockedUntil;
    return until && until > services.clock.now() ? until : null;
  }

  @FieldResolver(() => Boolean, { nullable: true, description: own })
  async twoFactorEnabled(@Root() user: UserRow, @Ctx() { loaders }: Context): Promise<boolean | undefined> {
    return user.twoFactorEnabled ?? (await loaders.users.load(user.id))?.twoFactorEnabled;
  }
}

@Resolver(() => UserConnection)
export class UserConnectionResolver {
  @FieldResolver(() => Int)
  totalCount(@Root() connection: Connection<UserRow>): Promise<number> {
    return connection.total();
  }
}

/**
 * Gravatar URL of an address (https://docs.gravatar.com/api/avatars/images/), with the SHA-256 hash of the address.
 * @param size in pixels, limited to 1 to 2048
 */
function gravatar(email: string, size: number): string {
  const hash = createHash('sha256').update(email).digest('hex');
  return `https://www.gravatar.com/avatar/${hash}?d=identicon&s=${Math.min(Math.max(size, 1), 2048)}`;
}
