import { Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { answer } from '../graphql/common.type.js';
import type { Context } from '../graphql/context.js';
import { Input } from '../graphql/input.js';
import { CursorArguments, connectionOf } from '../graphql/pagination.js';
import { mayReadAddresses, withoutAddresses } from './addresses.js';
import { FailedJobConnection, FailedJobType, RetryJobInput, RetryJobPayload } from './failed-job.type.js';
import { type FailedJob, listFailedJobs, retryJob } from './failed-jobs.js';

@Resolver(() => FailedJobType)
export class FailedJobResolver {
  @Query(() => FailedJobConnection, {
    description: 'Jobs that have failed and wait for somebody, those that failed last first. Requires `job:read`.',
  })
  async failedJobs(@Args(() => CursorArguments) page: CursorArguments, @Ctx() context: Context) {
    return connectionOf(await listFailedJobs(context, page));
  }

  @FieldResolver()
  lastError(@Root() { lastError }: FailedJob, @Ctx() context: Context): string | null {
    return lastError === null || mayReadAddresses(context) ? lastError : withoutAddresses(lastError);
  }

  @Mutation(() => RetryJobPayload, {
    description:
      'Runs a failed job again, with all its attempts. NOT_FOUND for a job that has not failed or runs already, ' +
      'JOB_EXPIRED for one that nobody awaits any more, such as a mail whose link has run out. ' +
      'Requires `job:retry`.',
  })
  retryJob(@Input(() => RetryJobInput) { jobId }: RetryJobInput, @Ctx() context: Context) {
    return answer(retryJob(context, jobId).then((retriedJobId) => ({ retriedJobId })));
  }
}
