import { GraphQLDateTime, GraphQLJSONObject } from 'graphql-scalars';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { NodeType, Payload } from '../graphql/common.type.js';
import { connectionTypes } from '../graphql/connection.type.js';

@ObjectType('Role', { implements: NodeType, simpleResolvers: true })
export class RoleType extends NodeType {
  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true })
  description!: string | null;

  @Field(() => Int, { description: 'Higher outranks lower; the system roles are user (0) and admin (100).' })
  level!: number;

  @Field(() => Boolean)
  isSystem!: boolean;

  @Field(() => GraphQLDateTime)
  createdAt!: Date;

  @Field(() => GraphQLDateTime)
  updatedAt!: Date;
}

@ObjectType('Permission', { implements: NodeType, simpleResolvers: true })
export class PermissionType extends NodeType {
  @Field(() => String, { description: 'resource:action unless named otherwise.' })
  name!: string;

  @Field(() => String, { description: '`*`: any.' })
  resource!: string;

  @Field(() => String, { description: '`*`: any.' })
  action!: string;

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description: "MongoDB-style predicate over the resource's attributes; null allows all.",
  })
  conditions!: Record<string, unknown> | null;
}

@ObjectType('RoleGrant', { implements: NodeType, simpleResolvers: true })
export class RoleGrantType extends NodeType {
  @Field(() => GraphQLDateTime)
  grantedAt!: Date;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'Null: until it is revoked.' })
  expiresAt!: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'By somebody, or with its role.' })
  revokedAt!: Date | null;
}

export const [RoleConnection, RoleTotalResolver] = connectionTypes('Role', () => RoleType);
export const [PermissionConnection, PermissionTotalResolver] = connectionTypes('Permission', () => PermissionType);
export const [RoleGrantConnection, RoleGrantTotalResolver] = connectionTypes('RoleGrant', () => RoleGrantType);

@InputType()
export class CreateRoleInput {
  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true })
  description?: string | null;

  @Field(() => Int, { description: '1 to 99.' })
  level!: number;
}

@ObjectType({ simpleResolvers: true })
export class CreateRolePayload extends Payload {
  @Field(() => RoleType, { nullable: true })
  role?: RoleType;
}

@InputType()
export class GrantRoleInput {
  @Field(() => ID)
  userId!: string;

  @Field(() => ID)
  roleId!: string;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'Null: until it is revoked.' })
  expiresAt?: Date | null;
}

@ObjectType({ simpleResolvers: true })
export class GrantRolePayload extends Payload {
  @Field(() => RoleGrantType, { nullable: true })
  grant?: RoleGrantType;
}

@InputType()
export class RevokeRoleInput {
  @Field(() => ID)
  userId!: string;

  @Field(() => ID)
  roleId!: string;
}

@ObjectType({ simpleResolvers: true })
export class RevokeRolePayload extends Payload {
  @Field(() => RoleGrantType, { nullable: true })
  grant?: RoleGrantType;
}
