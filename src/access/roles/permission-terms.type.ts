import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, InputType, ObjectType } from 'type-graphql';

@ObjectType('PermissionTerms', {
  simpleResolvers: true,
  description: 'What a permission allows, whichever role it comes from.',
})
export class PermissionTermsType {
  @Field(() => String)
  name!: string;

  @Field(() => String, { description: '`*`: any.' })
  resource!: string;

  @Field(() => String, { description: '`*`: any.' })
  action!: string;

  @Field(() => GraphQLJSONObject, { nullable: true, description: 'Null allows all.' })
  conditions!: Record<string, unknown> | null;
}

@InputType()
export class PermissionTermsInput {
  @Field(() => String, { description: 'Lower case; `*` is any.' })
  resource!: string;

  @Field(() => String, { description: 'Lower case; `*` is any.' })
  action!: string;

  @Field(() => String, { nullable: true, description: 'Null: resource:action.' })
  name?: string | null;

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description:
      "MongoDB-style predicate over the resource's attributes; null allows all. Of Gatehouse's own resources permissionCatalogue tells the attributes.",
  })
  conditions?: Record<string, unknown> | null;
}
