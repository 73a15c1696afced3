import { GraphQLDateTime } from 'graphql-scalars';
import { ArgsType, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { NodeType, Payload } from '../graphql/common.type.js';
import { connectionTypes } from '../graphql/connection.type.js';
import type { Context } from '../graphql/context.js';
import type { EndedSessions } from './end-sessions.js';
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

export const [SessionConnection, SessionTotalResolver] = connectionTypes('Session', () => SessionType);

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

@ObjectType()
abstract class EndedSessionsPayload extends Payload {
  @Field(() => [SessionType], {
    nullable: true,
    description: 'Those that this has ended; of many the hundred that were used last.',
  })
  sessions?: SessionType[];

  @Field(() => Int, { nullable: true, description: 'How many this has ended.' })
  endedCount?: number;
}

/** Builds the payload of the mutations that end sessions. */
export async function endedPayload({ loaders }: Context, { ids, count }: EndedSessions) {
  return { sessions: await loaders.sessions.loadMany(ids), endedCount: count };
}

@ObjectType({ simpleResolvers: true })
export class RevokeOtherSessionsPayload extends EndedSessionsPayload {}

@ObjectType({ simpleResolvers: true })
export class RevokeUserSessionsPayload extends EndedSessionsPayload {}

@ObjectType({ simpleResolvers: true })
export class LogoutPayload extends Payload {
  @Field(() => SessionType, { nullable: true })
  session?: SessionType;
}
