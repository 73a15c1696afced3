import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ObjectType } from 'type-graphql';
import { EstimatedCountType } from './estimated-count.type.js';
import type { WorkStanding } from './standing-counts.js';

@ObjectType('SecurityOverview', {
  description: 'How accounts, sessions and work stand now. What the caller may not read is null.',
})
export class OverviewType {
  @Field(() => GraphQLDateTime, { description: 'The time of the service, to which the numbers refer.' })
  at!: Date;
}

@ObjectType('WorkStanding', { simpleResolvers: true, description: 'How much work in the background there is.' })
export class WorkStandingType implements WorkStanding {
  @Field(() => EstimatedCountType, { description: 'Work that is not done yet or running, without what recurs.' })
  waiting!: EstimatedCountType;

  @Field(() => EstimatedCountType, { description: 'Work that was given up, as `failedJobs` lists it.' })
  failed!: EstimatedCountType;
}
