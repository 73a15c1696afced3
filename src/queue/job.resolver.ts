import { Arg, Args, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { answer } from '../graphql/common.type.js';
import type { Context } from '../graphql/context.js';
import { Input } from '../graphql/input.js';
import { connectionOf, firstOf, upTo } from '../graphql/pagination.js';
import { mayReadAddresses, withoutAddresses } from './addresses.js';
import { countJobs } from './count-jobs.js';
import { retryFailedJobs } from './failed-jobs.js';
import {
  JobConnection,
  JobCountsType,
  JobsArguments,
  JobType,
  RetryFailedJobsInput,
  RetryFailedJobsPayload,
} from './job.type.js';
import { type ListedJob, listJobs } from './list-jobs.js';

@Resolver(() => JobType)
export class JobResolver {
  @Query(() => JobConnection, {
    description: 'Jobs that wait or run, those due first in front. Requires `job:read`.',
  })
  async jobs(@Args(() => JobsArguments) { filter, ...page }: JobsArguments, @Ctx() context: Context) {
    return connectionOf(await listJobs(context, filter, page));
  }

  @Query(() => [JobCountsType], {
    description: 'How many jobs of each task wait, run and have failed, by its name. Requires `job:read`.',
  })
  async jobCounts(@Arg('first', () => Int, upTo(100)) first: number, @Ctx() context: Context) {
    return firstOf(await countJobs(context), first);
  }

  @FieldResolver()
  lastError(@Root() { lastError }: ListedJob, @Ctx() context: Context): string | null {
    return lastError === null || mayReadAddresses(context) ? lastError : withoutAddresses(lastError);
  }

  @Mutation(() => RetryFailedJobsPayload, {
    description:
      'Runs all failed jobs again, each with all its attempts. Those that `retryJob` would refuse stay as they are. ' +
      'Requires `job:retry`.',
  })
  retryFailedJobs(@Input(() => RetryFailedJobsInput) { task }: RetryFailedJobsInput, @Ctx() context: Context) {
    return answer(retryFailedJobs(context, task ?? null), { retriedCount: 0, expiredCount: 0 });
  }
}
