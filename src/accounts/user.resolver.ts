import { createHash } from 'node:crypto';
import type { GraphQLResolveInfo } from 'graphql';
import { GraphQLDateTime } from 'graphql-scalars';
import { Arg, Args, Ctx, FieldResolver, ID, Info, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { answer } from '../graphql/common.type.js';
import type { Context } from '../graphql/context.js';
import { Input } from '../graphql/input.js';
import { connectionOf } from '../graphql/pagination.js';
import { requestedFields, requestsRows } from '../graphql/requested-fields.js';
import { listUsers } from './list-users.js';
import { UpdateProfileInput, UpdateProfilePayload } from './profile.type.js';
import { rememberedAccount } from './remembered-account.js';
import { updateProfile } from './update-profile.js';
import { own, UserConnection, UsersArguments, UserType } from './user.type.js';
import { type UserRow, usersByIds } from './user-rows.js';

@Resolver(() => UserType)
export class UserResolver {
  @Query(() => UserType, {
    nullable: true,
    description:
      "The caller's own account; null for anonymous callers. UNAUTHENTICATED for a credential that is not valid.",
  })
  async viewer(@Ctx() { caller, services }: Context, @Info() info: GraphQLResolveInfo) {
    if (!caller) return null;
    const fields = requestedFields(info);
    const { database, roleCatalogue, clock } = services;
    return (
      rememberedAccount(caller, fields) ??
      (await usersByIds(database.sql, roleCatalogue, [caller.userId], clock.now(), fields))[0]
    );
  }

  @Query(() => UserType, {
    nullable: true,
    description: 'An account by its id, for every signed-in caller; null when there is none.',
  })
  user(@Arg('id', () => ID, { description: 'Id of the account.' }) id: string, @Ctx() { loaders }: Context) {
    return loaders.users.load(id);
  }

  @Query(() => UserConnection, {
    description:
      'Accounts, as far as the caller may read them: requires `user:read`. By default the oldest comes first.',
  })
  async users(
    @Args(() => UsersArguments) { search, filter, orderBy, ...page }: UsersArguments,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    const fields = requestedFields(info);
    const query = { search, filter, orderBy, fields, isRead: requestsRows(fields) };
    return connectionOf(await listUsers(context, query, page));
  }

  @Mutation(() => UpdateProfilePayload, {
    description:
      "Changes the caller's own profile. Requires `profile:update`, which the role `user` contains by default; " +
      'an API token needs the scope.',
  })
  updateProfile(@Input(() => UpdateProfileInput) input: UpdateProfileInput, @Ctx() context: Context) {
    return answer(updateProfile(context, input).then((user) => ({ user })));
  }

  @FieldResolver(() => String, {
    description: 'First and last name where both are given, otherwise the first name, otherwise the username.',
  })
  fullName(@Root() { firstName, lastName, username }: UserRow): string {
    return firstName && lastName ? `${firstName} ${lastName}` : firstName || username;
  }

  @FieldResolver(() => String, {
    description: "Address of the user's picture, or of an identicon from Gravatar where none is given.",
  })
  avatarUrl(
    @Root() user: UserRow,
    @Arg('size', () => Int, {
      nullable: true,
      defaultValue: 128,
      description:
        'Width and height of the identicon: 1 to 2048 pixels, values outside are taken for the nearest of these.',
    })
    size: number | null,
  ): string {
    return user.avatarUrl ?? gravatar(user.email, size ?? 128);
  }

  @FieldResolver(() => Boolean, {
    nullable: true,
    description:
      'Whether the account is locked, by too many wrong passwords or codes or by `lockUser`. Against wrong passwords, a ' +
      `device that has signed in before may still have attempts of its own. ${own}`,
  })
  async isLocked(@Root() user: UserRow, @Ctx() context: Context): Promise<boolean> {
    return (await this.lockedUntil(user, context)) !== null;
  }

  @FieldResolver(() => GraphQLDateTime, {
    nullable: true,
    description: `When the lock of the account ends by itself; null when it is not locked. ${own}`,
  })
  async lockedUntil(@Root() user: UserRow, @Ctx() { loaders, services }: Context): Promise<Date | null> {
    // Mutations return entities, which lack values of other tables.
    const until = user.lockedUntil === undefined ? (await loaders.users.load(user.id))?.lockedUntil : user.lockedUntil;
    return until && until > services.clock.now() ? until : null;
  }

  @FieldResolver(() => Boolean, { nullable: true, description: `Whether a second factor is switched on. ${own}` })
  async twoFactorEnabled(@Root() user: UserRow, @Ctx() { loaders }: Context): Promise<boolean | undefined> {
    return user.twoFactorEnabled ?? (await loaders.users.load(user.id))?.twoFactorEnabled;
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
