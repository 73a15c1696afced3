import { GraphQLDateTime, GraphQLJSONObject } from 'graphql-scalars';
import { ArgsType, Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { NodeType } from '../graphql/common.type.js';
import { connectionTypes } from '../graphql/connection.type.js';
import { describedValues } from '../graphql/descriptions.js';
import { CursorArguments } from '../graphql/pagination.js';
import { eventDescriptions } from './event-descriptions.js';
import type { EventFilter } from './event-rows.js';
import { SecurityEventType as EventType } from './event-types.js';

registerEnumType(EventType, {
  name: 'SecurityEventType',
  description: 'What a security event reports.',
  valuesConfig: describedValues(eventDescriptions),
});

@ObjectType('SecurityEvent', {
  implements: NodeType,
  simpleResolvers: true,
  description:
    'An entry of the audit trail. It is written together with the change that it reports, and is kept when the ' +
    'accounts that it names are deleted.',
})
export class SecurityEventType extends NodeType {
  @Field(() => EventType, { description: 'What happened.' })
  type!: EventType;

  @Field(() => GraphQLDateTime, { description: 'When it happened.' })
  occurredAt!: Date;

  @Field(() => ID, { nullable: true, description: 'Id of the actor, kept when the account is deleted.' })
  actorId!: string | null;

  @Field(() => ID, { nullable: true, description: 'Id of the subject, kept when the account is deleted.' })
  subjectId!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Client address of the request; null without one, when the service or its operator acted (`details.by`). In ' +
      'events of earlier versions it is `localhost` then.',
  })
  ipAddress!: string | null;

  @Field(() => String, { nullable: true, description: 'Header `User-Agent` of the request; null when there was none.' })
  userAgent!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Id of the request, or of the operation on a websocket, as in the log. Null without one, and for callers without ' +
      '`security-event:read`.',
  })
  requestId!: string | null;

  @Field(() => GraphQLJSONObject, {
    description:
      'Further facts, by the type of the event. `changes` has the old and new value of each field that changed, `apiTokenId` ' +
      'names the API token with which it was caused, and `by` says `service` or `operator` when no request caused it.',
  })
  details!: Record<string, unknown>;
}

/**
 * Fields of SecurityEvent whose value is the same for everyone who may receive the event. Streams share answers that
 * select nothing else. A field with a guard, or of a type with guards, must not be listed.
 */
export const fieldsForEveryone = [
  'id',
  'cursor',
  'type',
  'occurredAt',
  'actorId',
  'actorName',
  'subjectId',
  'subjectName',
  'ipAddress',
  'userAgent',
  'device',
  'requestId',
  'details',
] as const;

export const [SecurityEventConnection, SecurityEventTotalResolver] = connectionTypes(
  'SecurityEvent',
  () => SecurityEventType,
);

@InputType('SecurityEventFilter', {
  description: 'Narrows the security events: all conditions that are given must be met.',
})
export class SecurityEventFilterInput implements EventFilter {
  @Field(() => [EventType], {
    nullable: true,
    description: 'Only events of these types; an empty list matches none.',
  })
  types?: EventType[] | null;

  @Field(() => ID, { nullable: true, description: 'Only events that happened to the user with this id.' })
  subjectId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only events that the user with this id caused.' })
  actorId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Only events that happened to the user with this id, or that this user caused.',
  })
  personId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only events in the session with this id, or that ended it.' })
  sessionId?: string | null;

  @Field(() => String, { nullable: true, description: 'Only events of the request with exactly this id.' })
  requestId?: string | null;

  @Field(() => String, { nullable: true, description: 'Only events from exactly this client address.' })
  ipAddress?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Only events with these words in the values of `details`, or in the names of the fields in `details.changes`. Each ' +
      'word is one there, or begins one, in any case; words of one or two letters are whole words. At most 200 characters.',
  })
  text?: string | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'Only events at this instant or later.' })
  since?: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'Only events before this instant.' })
  until?: Date | null;
}

@ArgsType()
export class SecurityEventsArguments extends CursorArguments {
  @Field(() => SecurityEventFilterInput, { nullable: true, description: 'Which events; null: all.' })
  filter?: SecurityEventFilterInput | null;
}

@ArgsType()
export class FollowEventsArguments {
  @Field(() => SecurityEventFilterInput, { nullable: true, description: 'Which events; null: all.' })
  filter?: SecurityEventFilterInput | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Cursor of an event: events since then are sent first. Null: only new ones. CURSOR_EXPIRED when events since ' +
      'then are no longer kept, or the database was restored to a state before it.',
  })
  after?: string | null;
}
