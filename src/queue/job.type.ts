import { GraphQLDateTime } from 'graphql-scalars';
import { ArgsType, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Payload } from '../graphql/common.type.js';
import { connectionTypes } from '../graphql/connection.type.js';
import { describedValues, inputOf, payloadOf } from '../graphql/descriptions.js';
import { CursorArguments } from '../graphql/pagination.js';
import type { JobCounts } from './count-jobs.js';
import { type JobFilter, JobState } from './list-jobs.js';

registerEnumType(JobState, {
  name: 'JobState',
  description: 'How a job stands that has not been given up.',
  valuesConfig: describedValues<keyof typeof JobState>({
    WAITING: 'It runs when it is due, or as soon as there is room for it.',
    RUNNING: 'A process of the service is doing it.',
  }),
});

@ObjectType('Job', {
  simpleResolvers: true,
  description:
    'Work in the background that waits or runs. Periodic jobs are there all the time; others are deleted when they are ' +
    'done, and become a FailedJob when they are given up.',
})
export class JobType {
  @Field(() => ID, { description: 'UUID of the job.' })
  id!: string;

  @Field(() => String, { description: 'Name of the task, for example `mail` or `sweep`.' })
  task!: string;

  @Field(() => Boolean, { description: 'Whether it is done again and again.' })
  isPeriodic!: boolean;

  @Field(() => JobState, { description: 'Whether it waits or runs.' })
  state!: JobState;

  @Field(() => Int, { description: 'How often it was tried since it last succeeded; with the running attempt.' })
  attempts!: number;

  @Field(() => String, {
    nullable: true,
    description:
      'Why the last attempt failed, as in `FailedJob.lastError`; null when none has failed since it last succeeded.',
  })
  lastError!: string | null;

  @Field(() => GraphQLDateTime, { description: 'When the job was written.' })
  createdAt!: Date;

  @Field(() => GraphQLDateTime, { description: 'When it is due, or was when it began to run.' })
  dueAt!: Date;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'When nobody awaits what it does any more; null for other jobs.',
  })
  expiresAt!: Date | null;
}

export const [JobConnection, JobTotalResolver] = connectionTypes('Job', () => JobType);

@InputType('JobFilter', { description: 'Narrows the jobs: all conditions that are given must be met.' })
class JobFilterInput implements JobFilter {
  @Field(() => String, { nullable: true, description: 'Only jobs of the task with this name.' })
  task?: string | null;

  @Field(() => JobState, { nullable: true, description: 'Only jobs in this state.' })
  state?: JobState | null;
}

@ArgsType()
export class JobsArguments extends CursorArguments {
  @Field(() => JobFilterInput, { nullable: true, description: 'Which jobs; null: all.' })
  filter?: JobFilterInput | null;
}

@ObjectType('JobCounts', { simpleResolvers: true, description: 'How the jobs of one task stand.' })
export class JobCountsType implements JobCounts {
  @Field(() => String, { description: 'Name of the task.' })
  task!: string;

  @Field(() => Int, { description: 'Jobs that are due or will be; a periodic job is always one.' })
  waiting!: number;

  @Field(() => Int, { description: 'Jobs that run.' })
  running!: number;

  @Field(() => Int, { description: 'Jobs in `failedJobs`.' })
  failed!: number;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'When the next one is due; null when none waits.' })
  nextDueAt!: Date | null;
}

@InputType(inputOf('retryFailedJobs'))
export class RetryFailedJobsInput {
  @Field(() => String, { nullable: true, description: 'Only jobs of the task with this name; null: of every task.' })
  task?: string | null;
}

@ObjectType(payloadOf('retryFailedJobs'))
export class RetryFailedJobsPayload extends Payload {
  @Field(() => Int, { description: 'How many jobs run again.' })
  retriedCount!: number;

  @Field(() => Int, { description: 'How many failed jobs were left, because nobody awaits what they would do.' })
  expiredCount!: number;
}
