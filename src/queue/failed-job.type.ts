import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Payload } from '../graphql/common.type.js';
import { connectionTypes } from '../graphql/connection.type.js';
import { inputOf, payloadOf } from '../graphql/descriptions.js';

@ObjectType('FailedJob', {
  simpleResolvers: true,
  description:
    'Work in the background that has failed as often as it is tried, or that cannot succeed, such as a mail to a ' +
    'mailbox that does not exist. It is kept for 30 days. What it is made of, such as the text of a mail, cannot be read.',
})
export class FailedJobType {
  @Field(() => ID, { description: 'UUID of the job; `retryJob` takes it.' })
  id!: string;

  @Field(() => String, { description: 'Name of the task, for example `mail` or `sweep`.' })
  task!: string;

  @Field(() => Int, { description: 'How often it was tried.' })
  attempts!: number;

  @Field(() => String, {
    nullable: true,
    description:
      'Why the last attempt failed, at most 300 characters; whatever looks like a token is left out, and e-mail addresses ' +
      'for callers who may not read every user (`user:read` without conditions).',
  })
  lastError!: string | null;

  @Field(() => GraphQLDateTime, { description: 'When the job was written.' })
  createdAt!: Date;

  @Field(() => GraphQLDateTime, {
    description: 'When it was given up. A periodic job goes on; it leaves the list when a run succeeds.',
  })
  failedAt!: Date;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description:
      'From then on `retryJob` refuses it, because what it would send is of no use any more: a link that has run out, ' +
      'or the answer to a request that nobody awaits. Null for other jobs.',
  })
  expiresAt!: Date | null;
}

export const [FailedJobConnection, FailedJobTotalResolver] = connectionTypes('FailedJob', () => FailedJobType);

@InputType(inputOf('retryJob'))
export class RetryJobInput {
  @Field(() => ID, { description: 'Id of a failed job.' })
  jobId!: string;
}

@ObjectType(payloadOf('retryJob'))
export class RetryJobPayload extends Payload {
  @Field(() => ID, {
    nullable: true,
    description: 'Id of the job that runs again; null when the mutation was refused.',
  })
  retriedJobId?: string;
}
