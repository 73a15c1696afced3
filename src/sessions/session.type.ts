import { GraphQLDateTime } from 'graphql-scalars';
import { ArgsType, Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
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

  @Field(() => GraphQLDateTime, { description: 'Of its last request; may lag by a minute.' })
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

@InputType()
export class RevokeSessionInput {
  @Field(() => ID)
  sessionId!: string;
}

@InputType()
export class RevokeUserSessionsInput {
  @Field(() => ID)
  userId!: string;
}

@ObjectType({ simpleResolvers: true })
export class RevokeSessionPayload extends Payload {
  @Field(() => SessionType, { nullable: true })
  session?: SessionType;
}

@ObjectType({ simpleResolvers: true })
export class RevokeOtherSessionsPayload extends Payload {
  @Field(() => [SessionType], { nullable: true, description: 'Those that this has ended.' })
  sessions?: SessionType[];
}

@ObjectType({ simpleResolvers: true })
export class RevokeUserSessionsPayload extends Payload {
  @Field(() => [SessionType], { nullable: true, description: 'Those that this has ended.' })
  sessions?: SessionType[];
}

@ObjectType({ simpleResolvers: true })
export class LogoutPayload extends Payload {
  @Field(() => SessionType, { nullable: true })
  session?: SessionType;
}
