import { GraphQLDateTime, GraphQLJSONObject } from 'graphql-scalars';
import { ArgsType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { NodeType, Payload } from '../graphql/common.type.js';
import { connectionTypes } from '../graphql/connection.type.js';
import { anyOf, inputOf, payloadOf } from '../graphql/descriptions.js';
import { CursorArguments } from '../graphql/pagination.js';

@ObjectType('Role', {
  implements: NodeType,
  simpleResolvers: true,
  description: 'A set of permissions that is granted to users. A role that is deleted stays readable in its grants.',
})
export class RoleType extends NodeType {
  @Field(() => String, { description: 'Name, unique among roles that are not deleted; case does not matter.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'What the role is for; null when nothing is said.' })
  description!: string | null;

  @Field(() => Int, {
    description:
      'Rank: a role of a higher level outranks one of a lower. The system roles `user` and `admin` have 0 and ' +
      '100, others 1 to 99.',
  })
  level!: number;

  @Field(() => Boolean, {
    description:
      'True for `user` and `admin`, which the service grants itself: to every account, and with the ' +
      'administrator flag.',
  })
  isSystem!: boolean;

  @Field(() => GraphQLDateTime, { description: 'When the role was created.' })
  createdAt!: Date;

  @Field(() => GraphQLDateTime, {
    description: 'When name, description or level last changed; at first the same as `createdAt`.',
  })
  updatedAt!: Date;

  @Field(() => Int, {
    description: 'Rises with each change of the role or its permissions, not with grants; it begins with 1.',
  })
  version!: number;
}

/** Describes `conditions` where they are read. */
export const conditions = 'MongoDB-style predicate over the attributes of what is acted on; null allows all.';

@ObjectType('Permission', {
  implements: NodeType,
  simpleResolvers: true,
  description: 'Lets those who hold a role do an action on a resource, if the conditions are met.',
})
export class PermissionType extends NodeType {
  @Field(() => String, { description: 'Name for people: resource:action unless another was given.' })
  name!: string;

  @Field(() => String, { description: `Resource that may be acted on. ${anyOf}` })
  resource!: string;

  @Field(() => String, { description: `Action that may be done. ${anyOf}` })
  action!: string;

  @Field(() => GraphQLJSONObject, { nullable: true, description: conditions })
  conditions!: Record<string, unknown> | null;
}

@ObjectType('RoleGrant', {
  implements: NodeType,
  simpleResolvers: true,
  description: 'A grant of a role to a user: by whom, since when and until when. It is kept after its end.',
})
export class RoleGrantType extends NodeType {
  @Field(() => GraphQLDateTime, { description: 'From when the grant counts.' })
  grantedAt!: Date;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'When the grant ends by itself; null: not until it is revoked.',
  })
  expiresAt!: Date | null;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description:
      'When the grant was revoked, replaced by one with another end, or ended with its role; null if none of these.',
  })
  revokedAt!: Date | null;
}

export const [RoleConnection, RoleTotalResolver] = connectionTypes('Role', () => RoleType);
export const [PermissionConnection, PermissionTotalResolver] = connectionTypes('Permission', () => PermissionType);
export const [RoleGrantConnection, RoleGrantTotalResolver] = connectionTypes('RoleGrant', () => RoleGrantType);

/** Describe the fields of inputs that create or change a role. */
export const roleTerms = {
  name: 'Name: 1 to 64 letters, digits, spaces and . _ -, unlike that of any other role.',
  description: 'What the role is for: at most 500 characters.',
  level: "Rank: 1 to 99, below the caller's own level.",
};

@InputType(inputOf('createRole'))
export class CreateRoleInput {
  @Field(() => String, { description: roleTerms.name })
  name!: string;

  @Field(() => String, { nullable: true, description: roleTerms.description })
  description?: string | null;

  @Field(() => Int, { description: roleTerms.level })
  level!: number;
}

@ObjectType(payloadOf('createRole'))
export class CreateRolePayload extends Payload {
  @Field(() => RoleType, { nullable: true, description: 'The new role; null when it was refused.' })
  role?: RoleType;
}

@InputType(inputOf('grantRole'))
export class GrantRoleInput {
  @Field(() => ID, { description: 'Id of the user who gets the role.' })
  userId!: string;

  @Field(() => ID, { description: 'Id of the role.' })
  roleId!: string;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'When the grant ends by itself: in the future. Null: not until it is revoked.',
  })
  expiresAt?: Date | null;
}

@ObjectType(payloadOf('grantRole'))
export class GrantRolePayload extends Payload {
  @Field(() => RoleGrantType, {
    nullable: true,
    description: 'The grant by which the user holds the role now; null when it was refused.',
  })
  grant?: RoleGrantType;
}

@InputType(inputOf('revokeRole'))
export class RevokeRoleInput {
  @Field(() => ID, { description: 'Id of the user who loses the role.' })
  userId!: string;

  @Field(() => ID, { description: 'Id of the role.' })
  roleId!: string;
}

@ObjectType(payloadOf('revokeRole'))
export class RevokeRolePayload extends Payload {
  @Field(() => RoleGrantType, {
    nullable: true,
    description: 'The grant that was revoked; null when it was refused.',
  })
  grant?: RoleGrantType;
}

@ArgsType()
export class RolesArguments extends CursorArguments {
  @Field(() => String, { nullable: true, description: 'Part of the name of a role; case does not matter.' })
  search?: string | null;
}
