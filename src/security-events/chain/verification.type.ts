import { GraphQLDateTime } from 'graphql-scalars';
import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Payload } from '../../graphql/common.type.js';
import { describedValues, payloadOf } from '../../graphql/descriptions.js';
import { SecurityEventType } from '../security-event.type.js';
import { ChainFaultKind } from './chain-walk.js';

registerEnumType(ChainFaultKind, {
  name: 'SecurityEventFault',
  description: 'What is wrong with the record of security events.',
  valuesConfig: describedValues<keyof typeof ChainFaultKind>({
    ALTERED: 'The event is not as it was published.',
    MISSING: 'There is no event with this number.',
    INSERTED: 'The event was not published by this service.',
    REORDERED: 'The event was published under another number.',
    TRUNCATED: 'The events from this number on are gone, up to one that a signed head or a verification tells of.',
    REPLACED: 'A signed head or a verification tells of another event with this number.',
    HEADS: 'The signed heads were tampered with, or one that was kept elsewhere is not of this service.',
  }),
});

@ObjectType('SecurityEventVerification', {
  simpleResolvers: true,
  description: 'How far the record of security events was verified, and what was found.',
})
export class VerificationType {
  @Field(() => GraphQLDateTime, { description: 'When events were last verified; with a fault, when it was found.' })
  verifiedAt!: Date;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description:
      'When the whole record was last found intact, from its beginning to its end; null when it was not yet.',
  })
  wholeVerifiedAt!: Date | null;

  @Field(() => Boolean, {
    description: 'Whether every event that was verified fits to the one before it and to the signed heads.',
  })
  isIntact!: boolean;

  @Field(() => Int, { description: 'How many events were found to fit, up to the first that does not.' })
  verified!: number;

  @Field(() => Int, { description: 'Events from before the chain was introduced, which cannot be verified.' })
  uncovered!: number;

  @Field(() => SecurityEventType, {
    nullable: true,
    description: 'The event up to which all were verified; null when none was, or it is no longer kept.',
  })
  lastEvent!: SecurityEventType | null;

  @Field(() => ChainFaultKind, { nullable: true, description: 'The first fault; null when there is none.' })
  fault!: ChainFaultKind | null;

  @Field(() => String, {
    nullable: true,
    description: 'Number of the event with the fault, in the order of publication; null when there is none.',
  })
  faultAt!: string | null;
}

@ObjectType(payloadOf('verifySecurityEvents'))
export class VerifySecurityEventsPayload extends Payload {
  @Field(() => VerificationType, {
    nullable: true,
    description: 'What is known so far; null before the first verification, and when it was refused.',
  })
  verification?: VerificationType | null;
}
