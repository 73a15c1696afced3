import { GraphQLDateTime } from 'graphql-scalars';
import { ArgsType, Field, ObjectType, registerEnumType } from 'type-graphql';
import { NodeType, Payload } from '../graphql/common.type.js';
import { SessionEventKind } from './session-events.js';

registerEnumType(SessionEventKind, { name: 'SessionEventType' });

@ObjectType('Session', { implements: NodeType, simpleResolvers: true })
export class SessionType extends NodeType {
  @Field(() => String, { nullable: true })
  ipAddress!: string | null;

  @Field(() => String, { nullable: true })
  userAgent!: string | null;

  @Field(() => GraphQLDateTime)
  createdAt!: Date;

  @Field(() => GraphQLDateTime, { description: 'Of the last sign-in or refresh.' })
  lastUsedAt!: Date;

  @Field(() => GraphQLDateTime, { description: 'Moves with each refresh, up to the absolute lifetime.' })
  expiresAt!: Date;
}

@ObjectType('SessionEvent', { simpleResolvers: true })
export class SessionEventObject {
  @Field(() => String, { description: 'Resume point: pass as `after`.' })
  cursor!: string;

  @Field(() => SessionEventKind)
  type!: SessionEventKind;

  @Field(() => GraphQLDateTime)
  occurredAt!: Date;
}

@ArgsType()
export class SessionEventsArguments {
  @Field(() => String, { nullable: true, description: 'First everything behind this cursor, then what happens.' })
  after?: string | null;
}

@ObjectType({ simpleResolvers: true })
export class LogoutPayload extends Payload {
  @Field(() => SessionType, { nullable: true })
  session?: SessionType;
}
