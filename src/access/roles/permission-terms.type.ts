import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, InputType, ObjectType } from 'type-graphql';
import { anyOf } from '../../graphql/descriptions.js';
import { conditions } from '../role.type.js';

@ObjectType('PermissionTerms', {
  simpleResolvers: true,
  description: 'What a permission allows, whichever role it comes from.',
})
export class PermissionTermsType {
  @Field(() => String, { description: 'Name for people: resource:action unless another was given.' })
  name!: string;

  @Field(() => String, { description: `Resource that may be acted on. ${anyOf}` })
  resource!: string;

  @Field(() => String, { description: `Action that may be done. ${anyOf}` })
  action!: string;

  @Field(() => GraphQLJSONObject, { nullable: true, description: conditions })
  conditions!: Record<string, unknown> | null;
}

const word = '1 to 64 of a-z, 0-9 and . _ -, or `*` for any';

@InputType({ description: 'A permission to be added to a role.' })
export class PermissionTermsInput {
  @Field(() => String, { description: `Resource that may be acted on: ${word}.` })
  resource!: string;

  @Field(() => String, { description: `Action that may be done: ${word}.` })
  action!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Name for people: at most 100 characters on one line. Null: resource:action.',
  })
  name?: string | null;

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description:
      'MongoDB-style predicate over the attributes of what is acted on, of at most 50 comparisons; null allows ' +
      'all. `permissionCatalogue` lists the attributes of the resources of the service itself.',
  })
  conditions?: Record<string, unknown> | null;
}
