import { GraphQLDateTime, GraphQLJSONObject } from 'graphql-scalars';
import { ArgsType, Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { NodeType } from '../graphql/common.type.js';
import { CursorArguments, PageInfo } from '../graphql/pagination.js';
import type { EventFilter } from './event-rows.js';
import { SecurityEventType as EventType } from './event-types.js';

registerEnumType(EventType, { name: 'SecurityEventType' });

@ObjectType('SecurityEvent', { implements: NodeType, simpleResolvers: true })
export class SecurityEventType extends NodeType {
  @Field(() => EventType)
  type!: EventType;

  @Field(() => GraphQLDateTime)
  occurredAt!: Date;

  @Field(() => ID, { nullable: true, description: 'Stays when the account is gone.' })
  actorId!: string | null;

  @Field(() => ID, { nullable: true, description: 'Stays when the account is gone.' })
  subjectId!: string | null;

  @Field(() => String, { nullable: true })
  ipAddress!: string | null;

  @Field(() => String, { nullable: true })
  userAgent!: string | null;

  @Field(() => GraphQLJSONObject)
  details!: Record<string, unknown>;
}

@ObjectType('SecurityEventEdge', { simpleResolvers: true })
class SecurityEventEdge {
  @Field(() => String)
  cursor!: string;

  @Field(() => SecurityEventType)
  node!: SecurityEventType;
}

@ObjectType('SecurityEventConnection', { simpleResolvers: true })
export class SecurityEventConnection {
  @Field(() => [SecurityEventEdge])
  edges!: SecurityEventEdge[];

  @Field(() => [SecurityEventType])
  nodes!: SecurityEventType[];

  @Field(() => PageInfo)
  pageInfo!: PageInfo;
}

@InputType('SecurityEventFilter')
class SecurityEventFilterInput implements EventFilter {
  @Field(() => [EventType], { nullable: true })
  types?: EventType[] | null;

  @Field(() => ID, { nullable: true })
  subjectId?: string | null;

  @Field(() => ID, { nullable: true })
  actorId?: string | null;

  @Field(() => String, { nullable: true })
  ipAddress?: string | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'At this instant or later.' })
  since?: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'Before this instant.' })
  until?: Date | null;
}

@ArgsType()
export class SecurityEventsArguments extends CursorArguments {
  @Field(() => SecurityEventFilterInput, { nullable: true })
  filter?: SecurityEventFilterInput | null;
}

@ArgsType()
export class FollowEventsArguments {
  @Field(() => SecurityEventFilterInput, { nullable: true })
  filter?: SecurityEventFilterInput | null;

  @Field(() => String, { nullable: true, description: 'First everything behind this cursor, then what happens.' })
  after?: string | null;
}
