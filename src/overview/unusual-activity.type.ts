import { GraphQLDateTime } from 'graphql-scalars';
import { Field, Float, ID, ObjectType, registerEnumType } from 'type-graphql';
import { describedValues } from '../graphql/descriptions.js';
import { SecurityEventType as EventType } from '../security-events/event-types.js';
import { type EventCriteria, type Finding, UnusualActivityKind } from './findings.js';

registerEnumType(UnusualActivityKind, {
  name: 'UnusualActivityKind',
  description: 'What is unusual, the gravest first.',
  valuesConfig: describedValues<keyof typeof UnusualActivityKind>({
    CHAIN_FAULT: 'The record of security events was tampered with, see `securityEventVerification`.',
    SIGNING_KEY_REVOKED: 'Keys for access tokens were revoked.',
    ADMINISTRATOR_MADE: 'An account became an administrator, or was created as one.',
    REFRESH_TOKEN_REUSED: 'A refresh token of an account was presented a second time, as a thief would do.',
    ACCOUNT_TAKEN_BACK: 'The owner of an e-mail address took an account back by a mailed link.',
    MANY_ACCOUNTS_LOCKED: 'Five accounts or more were locked by wrong passwords or codes.',
    MANY_FAILURES_FROM_ADDRESS: 'Twenty wrong passwords or codes or more came from one address within an hour.',
    USERS_EXPORTED: 'All accounts were written to a file.',
    DATABASE_RESTORED: 'The database was restored from a backup.',
    ADMINISTRATORS_API_TOKEN: 'An administrator created an API token.',
  }),
});

@ObjectType('EventCriteria', {
  simpleResolvers: true,
  description: 'The filter by which `securityEvents` lists the events of a finding.',
})
class EventCriteriaType implements EventCriteria {
  @Field(() => [EventType], { description: 'Types of the events; empty for a fault of the chain.' })
  types!: EventType[];

  @Field(() => ID, { nullable: true, description: 'Id of the user to whom they happened; null: any.' })
  subjectId!: string | null;

  @Field(() => ID, { nullable: true, description: 'Id of the user who caused them; null: any.' })
  actorId!: string | null;

  @Field(() => String, { nullable: true, description: 'Client address from which they came; null: any.' })
  ipAddress!: string | null;

  @Field(() => GraphQLDateTime, { description: 'From when on.' })
  since!: Date;
}

@ObjectType('UnusualActivity', {
  simpleResolvers: true,
  description: 'Something in the record of security events that somebody should look at.',
})
export class UnusualActivityType implements Finding {
  @Field(() => UnusualActivityKind, { description: 'What is unusual.' })
  kind!: UnusualActivityKind;

  @Field(() => Float, {
    description: 'How often it happened; of MANY_ACCOUNTS_LOCKED how many accounts were locked.',
  })
  count!: number;

  @Field(() => Boolean, {
    description: 'Whether it may have happened more often: of each type the newest 10,000 or 50,000 events are read.',
  })
  isLowerBound!: boolean;

  @Field(() => GraphQLDateTime, { description: 'When it happened first in the span.' })
  firstAt!: Date;

  @Field(() => GraphQLDateTime, { description: 'When it happened last.' })
  lastAt!: Date;

  lastEventId!: string | null;

  @Field(() => EventCriteriaType, { description: 'Finds its events in the list.' })
  criteria!: EventCriteriaType;
}
