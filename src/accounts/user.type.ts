import { GraphQLDateTime } from 'graphql-scalars';
import { ArgsType, Field, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { NodeType, Payload } from '../graphql/common.type.js';
import { connectionTypes } from '../graphql/connection.type.js';
import { describedValues, plainText } from '../graphql/descriptions.js';
import { CursorArguments, offset } from '../graphql/pagination.js';
import { OrderDirection, UserOrderField } from './list-users.js';
import type { UserFilter } from './user-conditions.js';

registerEnumType(UserOrderField, {
  name: 'UserOrderField',
  description: 'What a list of users can be ordered by; users with equal values are ordered by id.',
  valuesConfig: describedValues<keyof typeof UserOrderField>({
    USERNAME: 'By username.',
    EMAIL: 'By e-mail address.',
    CREATED_AT: 'By the time the account was created.',
    LAST_LOGIN_AT: 'By the time of the last sign-in; users who never signed in count as the earliest.',
  }),
});
registerEnumType(OrderDirection, {
  name: 'OrderDirection',
  description: 'Direction of an order of rows.',
  valuesConfig: describedValues<keyof typeof OrderDirection>({
    ASC: 'Ascending: the earliest, or the first of the alphabet, comes first.',
    DESC: 'Descending: the latest, or the last of the alphabet, comes first.',
  }),
});

/** Ends the description of a field that guards protect. */
export const own = 'Readable by the user and by callers with `user:read` for the account.';

@ObjectType('User', {
  implements: NodeType,
  simpleResolvers: true,
  description:
    'An account. Where a description says who may read a field, other callers get the error FORBIDDEN for it, ' +
    'and anonymous ones UNAUTHENTICATED. To read such fields of its own user an API token needs the scope ' +
    '`profile:read`; for sessions and security events it is `session:read`, and `can` and `abilityRules` need none.',
})
export class UserType extends NodeType {
  @Field(() => String, { description: 'Unique name, in lower case; it can be used to sign in.' })
  username!: string;

  @Field(() => String, { nullable: true, description: 'First name; null when none is given.' })
  firstName!: string | null;

  @Field(() => String, { nullable: true, description: 'Last name; null when none is given.' })
  lastName!: string | null;

  @Field(() => String, { nullable: true, description: `What the user says of themself. ${plainText}` })
  bio!: string | null;

  @Field(() => String, { nullable: true, description: 'Where the user says they are, as free text.' })
  location!: string | null;

  @Field(() => String, { nullable: true, description: "Address of the user's website: http or https." })
  website!: string | null;

  @Field(() => GraphQLDateTime, { description: 'When the account was created.' })
  createdAt!: Date;

  @Field(() => String, { nullable: true, description: `E-mail address, unique among accounts. ${own}` })
  email!: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: `Whether the e-mail address is verified, which sign-in requires. ${own}`,
  })
  isVerified!: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: `False for a deactivated account, which cannot sign in. ${own}`,
  })
  isActive!: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: `Whether the account has the administrator flag, which allows everything. ${own}`,
  })
  isAdmin!: boolean | null;

  @Field(() => String, {
    nullable: true,
    description: `Name from the IANA time zone database, such as Europe/Berlin. ${own}`,
  })
  timezone!: string | null;

  @Field(() => String, { nullable: true, description: `BCP 47 language tag, such as en or pt-BR. ${own}` })
  language!: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: `Whether notices about granted and expiring roles are mailed; security notices always are. ${own}`,
  })
  emailNotifications!: boolean | null;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: `When the user last signed in; null before the first time. ${own}`,
  })
  lastLoginAt!: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: `When a password was last set. ${own}` })
  passwordChangedAt!: Date | null;

  @Field(() => Int, {
    nullable: true,
    description: `Rises with each change of username, e-mail address or profile; it begins with 1. ${own}`,
  })
  version!: number | null;
}

/** Payload of mutations that change one account. */
@ObjectType()
export abstract class UserPayload extends Payload {
  @Field(() => UserType, { nullable: true, description: 'The account after the change; null when it was refused.' })
  user?: UserType;
}

export const [UserConnection, UserTotalResolver] = connectionTypes('User', () => UserType);

export const includeInactive = {
  nullable: true,
  defaultValue: false,
  description: 'True adds the grants that do not count now: expired, revoked or of a deleted role.',
} as const;

@ArgsType()
export class GrantsArguments extends CursorArguments {
  @Field(() => Boolean, includeInactive)
  includeInactive?: boolean | null;
}

@InputType('UserFilter', { description: 'Narrows a list of users: all conditions that are given must be met.' })
class UserFilterInput implements UserFilter {
  @Field(() => String, {
    nullable: true,
    description: 'Only users who hold the role with this name now; case does not matter.',
  })
  role?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'False: only deactivated accounts. True: only the others.' })
  isActive?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Only accounts whose e-mail address is, or is not, verified.' })
  isVerified?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Only accounts with, or without, the administrator flag.' })
  isAdmin?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Only accounts that are, or are not, locked: by wrong passwords or codes, or by `lockUser`.',
  })
  isLocked?: boolean | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'Only accounts created after this instant.' })
  createdAfter?: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'Only accounts created before this instant.' })
  createdBefore?: Date | null;
}

@InputType('UserOrder', { description: 'Order of a list of users.' })
class UserOrderInput {
  @Field(() => UserOrderField, { description: 'What the list is ordered by.' })
  field!: UserOrderField;

  @Field(() => OrderDirection, { defaultValue: OrderDirection.ASC, description: 'Direction of the order.' })
  direction!: OrderDirection;
}

@ArgsType()
export class UsersArguments extends CursorArguments {
  @Field(() => String, {
    nullable: true,
    description:
      'Part of a username, e-mail address, first or last name; case does not matter. One or two letters are the beginning of a word.',
  })
  search?: string | null;

  @Field(() => UserFilterInput, { nullable: true, description: 'Narrows the list, together with `search`.' })
  filter?: UserFilterInput | null;

  @Field(() => UserOrderInput, {
    nullable: true,
    description: 'Order of the list; by default the oldest account first.',
  })
  orderBy?: UserOrderInput | null;

  @Field(() => Int, offset)
  offset?: number | null;
}
