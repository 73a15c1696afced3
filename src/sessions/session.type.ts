import { GraphQLDateTime } from 'graphql-scalars';
import { ArgsType, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { NodeType, Payload } from '../graphql/common.type.js';
import { connectionTypes } from '../graphql/connection.type.js';
import type { Context } from '../graphql/context.js';
import { describedValues, inputOf, payloadOf } from '../graphql/descriptions.js';
import { CursorArguments } from '../graphql/pagination.js';
import type { EndedSessions } from './end-sessions.js';
import type { SessionFilter } from './list-sessions.js';
import { SessionEventKind } from './session-events.js';

registerEnumType(SessionEventKind, {
  name: 'SessionEventType',
  description: 'What happened to a session.',
  valuesConfig: describedValues<keyof typeof SessionEventKind>({
    OPENED: 'The user signed in, which opened the session.',
    REVOKED: 'The session was ended before its time: by a logout, a revocation or a change of the account.',
    EXPIRED: 'The session was not refreshed in time, or reached its longest life.',
  }),
});

@ObjectType('Session', {
  implements: NodeType,
  simpleResolvers: true,
  description: 'One sign-in on one device, until it ends.',
})
export class SessionType extends NodeType {
  @Field(() => String, { nullable: true, description: 'Client address at the sign-in; null when it is not known.' })
  ipAddress!: string | null;

  @Field(() => String, { nullable: true, description: 'Header `User-Agent` of the sign-in; null when there was none.' })
  userAgent!: string | null;

  @Field(() => GraphQLDateTime, { description: 'When the user signed in.' })
  createdAt!: Date;

  @Field(() => GraphQLDateTime, { description: 'When a request was last made in the session; up to a minute late.' })
  lastUsedAt!: Date;

  @Field(() => GraphQLDateTime, {
    description:
      'When the session ends unless it is refreshed. A refresh moves it, up to 30 days after the sign-in by default.',
  })
  expiresAt!: Date;
}

export const [SessionConnection, SessionTotalResolver] = connectionTypes('Session', () => SessionType);

@InputType('SessionFilter', { description: 'Narrows the sessions: all conditions that are given must be met.' })
class SessionFilterInput implements SessionFilter {
  @Field(() => ID, { nullable: true, description: 'Only sessions of the user with this id.' })
  userId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Only sessions that were opened from exactly this client address.',
  })
  ipAddress?: string | null;
}

@ArgsType()
export class SessionsArguments extends CursorArguments {
  @Field(() => SessionFilterInput, { nullable: true, description: 'Which sessions; null: all.' })
  filter?: SessionFilterInput | null;
}

@ObjectType('SessionEvent', { simpleResolvers: true, description: 'A session was opened or has ended.' })
export class SessionEventObject {
  @Field(() => String, { description: 'Marks the place of the event: pass it as `after` to go on behind it.' })
  cursor!: string;

  @Field(() => SessionEventKind, { description: 'What happened.' })
  type!: SessionEventKind;

  @Field(() => GraphQLDateTime, { description: 'When it happened.' })
  occurredAt!: Date;
}

/** Fields of SessionEvent whose value is the same for everyone; see the list of SecurityEvent. */
export const fieldsForEveryone = ['cursor', 'type', 'occurredAt'] as const;

@ArgsType()
export class SessionEventsArguments {
  @Field(() => String, {
    nullable: true,
    description:
      'Cursor of an event: events since then are sent first. Null: only new ones. CURSOR_EXPIRED when events since ' +
      'then are no longer kept, or the database was restored to a state before it.',
  })
  after?: string | null;
}

@InputType(inputOf('revokeSession'))
export class RevokeSessionInput {
  @Field(() => ID, { description: 'Id of the session to end.' })
  sessionId!: string;
}

@InputType(inputOf('revokeUserSessions'))
export class RevokeUserSessionsInput {
  @Field(() => ID, { description: 'Id of the user whose sessions are ended.' })
  userId!: string;
}

@ObjectType(payloadOf('revokeSession'))
export class RevokeSessionPayload extends Payload {
  @Field(() => SessionType, { nullable: true, description: 'The session that has ended; null when it was refused.' })
  session?: SessionType;
}

@ObjectType()
abstract class EndedSessionsPayload extends Payload {
  @Field(() => [SessionType], {
    nullable: true,
    description: 'The sessions that were ended; of more than 100 those that were used last. Null when it was refused.',
  })
  sessions?: SessionType[];

  @Field(() => Int, { nullable: true, description: 'How many sessions were ended; null when it was refused.' })
  endedCount?: number;
}

/** Builds the payload of the mutations that end sessions. */
export async function endedPayload({ loaders }: Context, { ids, count }: EndedSessions) {
  return { sessions: await loaders.sessions.loadMany(ids), endedCount: count };
}

@ObjectType(payloadOf('revokeOtherSessions'))
export class RevokeOtherSessionsPayload extends EndedSessionsPayload {}

@ObjectType(payloadOf('revokeUserSessions'))
export class RevokeUserSessionsPayload extends EndedSessionsPayload {}

@ObjectType(payloadOf('logout'))
export class LogoutPayload extends Payload {
  @Field(() => SessionType, { nullable: true, description: 'The session that has ended; null when it was refused.' })
  session?: SessionType;
}
