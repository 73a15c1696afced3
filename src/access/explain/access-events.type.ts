import { GraphQLDateTime } from 'graphql-scalars';
import { ArgsType, Field, ObjectType } from 'type-graphql';

@ObjectType('AccessEvent', {
  simpleResolvers: true,
  description: 'What the caller may do may have changed: ask for `abilityRules` again.',
})
export class AccessEventType {
  @Field(() => String, { description: 'Marks the place of the event: pass it as `after` to go on behind it.' })
  cursor!: string;

  @Field(() => GraphQLDateTime, { description: 'When it happened.' })
  occurredAt!: Date;
}

@ArgsType()
export class AccessEventsArguments {
  @Field(() => String, {
    nullable: true,
    description:
      'Cursor of an event: events since then are sent first. Null: only new ones. CURSOR_EXPIRED when events since ' +
      'then are no longer kept, or the database was restored to a state before it.',
  })
  after?: string | null;
}
